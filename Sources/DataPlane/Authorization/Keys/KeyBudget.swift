import Synchronization

/// What a key may use.
package struct KeyLimits: Sendable, Hashable {
    package var requestsPerMinute: Int?
    /// Of prompts and answers together.
    package var tokensPerMinute: Int?
    package var tokensPerDay: Int?
    package var concurrentRequests: Int?

    package init() {}
}

/// What a key has used: reserved before a request goes on, settled when it has ended.
package final class KeyBudget: Sendable {
    package let limits: KeyLimits
    package let requests: RateMeter?
    package let tokens: RateMeter?
    package let dailyTokens: RateMeter?
    private let inFlight: InFlight

    /// - Parameter earlier: of the same key, whose limits may have been others.
    package init(_ limits: KeyLimits, after earlier: KeyBudget? = nil) {
        self.limits = limits
        func meter(_ limit: Int?, _ period: Double, _ old: RateMeter?) -> RateMeter? {
            limit.map { RateMeter(limit: $0, period: period, full: old?.fullAt ?? 0) }
        }
        requests = meter(limits.requestsPerMinute, 60, earlier?.requests)
        tokens = meter(limits.tokensPerMinute, 60, earlier?.tokens)
        dailyTokens = meter(limits.tokensPerDay, 86_400, earlier?.dailyTokens)
        inFlight = earlier?.inFlight ?? InFlight()
    }

    /// A place and tokens that a request holds. Settled exactly once.
    package struct Reservation: Sendable {
        package let tokens: Int
    }

    package enum Admission: Sendable {
        case admitted(Reservation)
        case exceeded(Exceeded)
    }

    /// Which limit a request would go over.
    package struct Exceeded: Sendable, Hashable {
        package enum Limit: String, Sendable, Hashable {
            case requestsPerMinute = "requests per minute"
            case tokensPerMinute = "tokens per minute"
            case tokensPerDay = "tokens per day"
            case concurrentRequests = "concurrent requests"
        }

        package var limit: Limit
        /// Seconds; infinite for a request that never fits.
        package var wait: Double
    }

    /// - Parameters:
    ///   - estimate: tokens that the request may take.
    ///   - now: seconds since 1970.
    package func reserve(_ estimate: Int, at now: Double) -> Admission {
        guard inFlight.enter(limits.concurrentRequests) else {
            return .exceeded(Exceeded(limit: .concurrentRequests, wait: 1))
        }
        let steps: [(RateMeter?, Int, Exceeded.Limit)] = [
            (requests, 1, .requestsPerMinute), (tokens, estimate, .tokensPerMinute),
            (dailyTokens, estimate, .tokensPerDay),
        ]
        for (index, (meter, amount, limit)) in steps.enumerated() {
            guard let wait = meter?.take(amount, at: now) else { continue }
            for (meter, amount, _) in steps[..<index] { meter?.settle(-amount, at: now) }
            inFlight.leave()
            return .exceeded(Exceeded(limit: limit, wait: wait))
        }
        return .admitted(Reservation(tokens: estimate))
    }

    /// - Parameter used: tokens, as the server counted them.
    package func settle(_ reservation: Reservation, used: Int, at now: Double) {
        inFlight.leave()
        tokens?.settle(used - reservation.tokens, at: now)
        dailyTokens?.settle(used - reservation.tokens, at: now)
    }

    package var requestsInFlight: Int { inFlight.count }
}

/// Requests under way with one key.
final class InFlight: Sendable {
    private let number = Atomic<Int>(0)

    var count: Int { number.load(ordering: .relaxed) }

    func enter(_ limit: Int?) -> Bool {
        let now = number.wrappingAdd(1, ordering: .relaxed).newValue
        guard let limit, now > limit else { return true }
        leave()
        return false
    }

    func leave() { number.wrappingSubtract(1, ordering: .relaxed) }
}
