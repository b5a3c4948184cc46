import Synchronization

/// The requests in flight at one endpoint (a pod), counted over all event loops.
///
/// A request takes a place before it is sent and gives it back when it has ended. An endpoint is closed before its pod
/// stops: from then on no place can be taken, so that once `inFlight` is 0 it stays 0.
package final class EndpointLoad: Sendable {
    /// Bits 0 to 47: places taken. Bit 62: the routing table dropped it. Bit 63: its pod is going to stop.
    private let state = Atomic<UInt64>(0)
    private let ejectedUntil = Atomic<Int64>(.min)
    private let failures = Atomic<Int>(0)
    /// Answers in a row that say that it is broken.
    private let badAnswers = Atomic<Int>(0)
    private let timesLeftOut = Atomic<Int>(0)
    private let warmSince: Atomic<Int64>
    private let gauge = GaugeReading()

    /// In `PrefixIndex`: 1 to 65,535, in turn.
    package let number: UInt16
    /// The same for the same pod, whatever process asks.
    package let identity: UInt64
    private let drainWatchers = Mutex<[@Sendable () -> Void]>([])

    private static let dropped: UInt64 = 1 << 62
    private static let retired: UInt64 = 1 << 63
    private static let closed = dropped | retired
    private static let count: UInt64 = (1 << 48) - 1

    private static let numbers = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - identity: a hash of what it is known by.
    ///   - now: when it came, for slow start; `nil`: it has been there for long.
    package init(identity: UInt64 = 0, cameAt now: MonotonicTime? = nil) {
        let (number, _) = Self.numbers.add(1, ordering: .relaxed)
        self.number = UInt16(number % 65_535 + 1)
        self.identity = identity
        warmSince = Atomic(now.map(\.nanoseconds) ?? .min)
    }

    package var inFlight: Int { Int(state.load(ordering: .sequentiallyConsistent) & Self.count) }
    package var isClosed: Bool { state.load(ordering: .sequentiallyConsistent) & Self.closed != 0 }

    /// Takes a place, unless the endpoint is closed or has `limit` requests (0: no limit).
    package func acquire(limit: Int) -> Bool {
        var current = state.load(ordering: .relaxed)
        while true {
            guard current & Self.closed == 0, limit == 0 || Int(current & Self.count) < limit else { return false }
            let (exchanged, original) = state.weakCompareExchange(
                expected: current, desired: current + 1, ordering: .sequentiallyConsistent)
            if exchanged { return true }
            current = original
        }
    }

    /// Gives a place back.
    package func release() {
        let (_, new) = state.subtract(1, ordering: .sequentiallyConsistent)
        if new & Self.closed != 0, new & Self.count == 0 { notifyDrained() }
    }

    /// Whether the routing table has this endpoint.
    package func setListed(_ isListed: Bool) {
        if isListed {
            state.bitwiseAnd(~Self.dropped, ordering: .sequentiallyConsistent)
        } else {
            close(Self.dropped)
        }
    }

    /// The pod is going to stop: no request is sent to it any more, whatever a later table says.
    package func retire() { close(Self.retired) }

    private func close(_ bit: UInt64) {
        let (_, new) = state.bitwiseOr(bit, ordering: .sequentiallyConsistent)
        if new & Self.count == 0 { notifyDrained() }
    }

    /// Calls `body` once no request is in flight and none can come: at once where that is so already.
    package func whenDrained(_ body: @escaping @Sendable () -> Void) {
        drainWatchers.withLock { $0.append(body) }
        let now = state.load(ordering: .sequentiallyConsistent)
        if now & Self.closed != 0, now & Self.count == 0 { notifyDrained() }
    }

    private func notifyDrained() {
        let watchers = drainWatchers.withLock { watchers in
            defer { watchers = [] }
            return watchers
        }
        for watcher in watchers { watcher() }
    }
}

// An endpoint that cannot be reached is left out for a while: 50 ms, doubled each time, at most 1 s.
extension EndpointLoad {
    package func isEjected(at now: MonotonicTime) -> Bool {
        now.nanoseconds < ejectedUntil.load(ordering: .relaxed)
    }

    /// - Returns: When it may be tried again.
    package func eject(at now: MonotonicTime) -> MonotonicTime {
        let (earlier, _) = failures.add(1, ordering: .relaxed)
        let pause = min(Int64(1_000), 50 << Int64(min(earlier, 10))) * 1_000_000
        let until = now.advanced(byNanoseconds: pause)
        ejectedUntil.store(until.nanoseconds, ordering: .relaxed)
        return until
    }

    /// It could be connected to.
    package func succeed() {
        guard failures.load(ordering: .relaxed) != 0 else { return }
        failures.store(0, ordering: .relaxed)
        ejectedUntil.store(.min, ordering: .relaxed)
    }
}

// One that can be reached but fails (lost connections, no answer in time, 502, 503, 504) is left out after five failures
// in a row: for 5 s, doubled each time, at most 60 s. 500 does not count: that is the model's word on the request.
extension EndpointLoad {
    package static let toleratedFailures = 5

    /// - Returns: Whether it has failed as often in a row as is tolerated.
    func noteFailure() -> Bool {
        let (_, count) = badAnswers.add(1, ordering: .relaxed)
        return count >= Self.toleratedFailures
    }

    func leaveOut(at now: MonotonicTime) -> MonotonicTime {
        badAnswers.store(0, ordering: .relaxed)
        let (earlier, _) = timesLeftOut.add(1, ordering: .relaxed)
        let until = now.advanced(by: .seconds(min(60, 5 << min(earlier, 4))))
        ejectedUntil.store(until.nanoseconds, ordering: .relaxed)
        warmSince.store(until.nanoseconds, ordering: .relaxed)
        return until
    }

    /// It answered as it should.
    package func noteAnswer() {
        guard badAnswers.load(ordering: .relaxed) != 0 || timesLeftOut.load(ordering: .relaxed) != 0 else { return }
        badAnswers.store(0, ordering: .relaxed)
        timesLeftOut.store(0, ordering: .relaxed)
    }
}

extension EndpointLoad {
    /// How long an endpoint that has just come, or come back, gets fewer requests than the others.
    package static let slowStart = Duration.seconds(10)

    /// 1,024: as warm as any; less: it came lately.
    func warmth(at now: MonotonicTime) -> Int {
        let since = warmSince.load(ordering: .relaxed)
        guard since != .min else { return 1_024 }
        let age = max(0, now.nanoseconds - since)
        let window = Self.slowStart.nanoseconds
        return age >= window ? 1_024 : max(102, Int(age / (window / 1_024)))
    }

    /// What its engine says; `nil` where nothing was heard of it lately.
    func engine(at now: MonotonicTime) -> EngineGauge? { gauge.load(at: now) }

    package func note(_ engine: EngineGauge, at now: MonotonicTime) { gauge.store(engine, at: now) }
}
