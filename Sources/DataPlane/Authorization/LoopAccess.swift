package import Activation
import HTTPFraming
package import KubeAccess
import ServingAPI

/// What has to be found out before a request may go on.
package struct AccessQuestion: Sendable {
    package let policy: RoutePolicy
    /// Of the one who calls; empty where the rules look at the whole request.
    package let token: String
    /// Where rules look at it.
    let request: AccessRequest?
    let key: VerdictKey
    /// As it was when the question was asked.
    let epoch: UInt64
}

/// One event loop's side of authorization: what it knows is answered at once and without allocation, the rest is asked
/// once for all who wait for it. Used on its loop only.
package struct LoopAccess<Waiter> {
    private var cache = VerdictCache()
    private var waiting: [VerdictKey: [Waiter]] = [:]
    private var keys = KeyRing()
    /// Of requests whose answers are for themselves only.
    private var turn: UInt64 = 0
    private let epoch: AccessEpoch
    /// Seconds since 1970.
    private let wallClock: @Sendable () -> Double

    package enum Answer {
        case verdict(Verdict)
        /// Ask this, and say so by `complete`.
        case ask(AccessQuestion)
        /// Somebody has asked already.
        case wait
    }

    package init(epoch: AccessEpoch, wallClock: @escaping @Sendable () -> Double) {
        self.epoch = epoch
        self.wallClock = wallClock
    }

    package mutating func apply(_ change: KeyChange) { keys.apply(change) }

    /// - Parameters:
    ///   - head: of the request, as it is sent to the server.
    ///   - call: what else is known of it.
    ///   - waiter: who is told where the answer takes time.
    package mutating func judge(
        _ policy: RoutePolicy, head: Span<UInt8>, call: AccessCall = AccessCall(), waiter: Waiter, at now: MonotonicTime
    ) -> Answer {
        switch policy.rule {
        case .service(_, let style):
            guard let value = AuthorizationField(head)?.bearer else {
                return .verdict(.denied(style.withoutCredential(for: policy.name)))
            }
            return judge(policy, style, token: head.extracting(value), head, call, waiter, now)
        case .config(let rules, let isByBearer):
            if isByBearer {
                let token = AuthorizationField(head)?.bearer ?? 0..<0
                let key = VerdictKey(policy, TokenDigest(head.extracting(token)))
                if let verdict = cache.verdict(key, epoch: epoch.current, at: now) { return .verdict(verdict) }
                return wait(policy, key, waiter, request: AccessRequest(head: head, peer: call.peer))
            }
            return judge(policy, rules, AccessRequest(head: head, peer: call.peer), waiter, now)
        case .mesh(let workloads):
            let request = AccessRequest(head: head, peer: call.peer)
            if let verdict = MeshEvaluation(policy: policy, workloads: workloads).verdict(request) {
                return .verdict(verdict)
            }
            turn += 1
            return wait(policy, VerdictKey(policy, turn: turn), waiter, request: request)
        }
    }

    private mutating func judge(
        _ policy: RoutePolicy, _ style: DenialStyle, token: Span<UInt8>, _ head: Span<UInt8>, _ call: AccessCall,
        _ waiter: Waiter, _ now: MonotonicTime
    ) -> Answer {
        guard token.count <= Self.longestToken else {
            return .verdict(.denied(style.notAuthenticated(for: policy.name)))
        }
        let digest = TokenDigest(token)
        if token.begins(with: Self.keyPrefix) { return .verdict(verdict(on: keys[digest], policy, style, head, call)) }
        let key = VerdictKey(policy, digest)
        if let verdict = cache.verdict(key, epoch: epoch.current, at: now) { return .verdict(verdict) }
        return wait(policy, key, waiter, token: String(copying: token))
    }

    /// An AuthConfig's rules: what depends on the caller alone is known by all credentials that they look at.
    private mutating func judge(
        _ policy: RoutePolicy, _ rules: AuthRules, _ request: AccessRequest, _ waiter: Waiter, _ now: MonotonicTime
    ) -> Answer {
        guard rules.isAboutCaller else {
            turn += 1
            return wait(policy, VerdictKey(policy, turn: turn), waiter, request: request)
        }
        var text: [UInt8] = []
        for identity in rules.identities {
            // No credential has a zero in it.
            text += Array((request.credential(at: identity.place) ?? "").utf8) + [0]
        }
        let key = VerdictKey(policy, TokenDigest(text.span))
        if let verdict = cache.verdict(key, epoch: epoch.current, at: now) { return .verdict(verdict) }
        return wait(policy, key, waiter, request: request)
    }

    private mutating func wait(
        _ policy: RoutePolicy, _ key: VerdictKey, _ waiter: Waiter, token: @autoclosure () -> String = "",
        request: @autoclosure () -> AccessRequest? = nil
    ) -> Answer {
        let isFirst = waiting[key] == nil
        waiting[key, default: []].append(waiter)
        guard isFirst else { return .wait }
        return .ask(
            AccessQuestion(policy: policy, token: token(), request: request(), key: key, epoch: epoch.current))
    }

    private static var keyPrefix: StaticString { "sk-martlet-" }

    private func verdict(
        on key: ModelKey?, _ policy: RoutePolicy, _ style: DenialStyle, _ head: Span<UInt8>, _ call: AccessCall
    ) -> Verdict {
        guard let key, key.end.map({ wallClock() < $0 }) ?? true else {
            return .denied(style.notAuthenticated(for: policy.name))
        }
        guard key.scope.covers(policy.service) else { return .denied(.keyOutOfScope(key, for: policy.name)) }
        guard key.scope.mayDo(call, head) else { return .denied(.keyForOtherUse(key)) }
        return .key(key)
    }

    /// Bytes. Kubernetes' tokens have about one KiB.
    private static var longestToken: Int { 16 << 10 }

    /// - Returns: Those who waited for it.
    package mutating func complete(
        _ question: AccessQuestion, _ outcome: Outcome, at now: MonotonicTime
    ) -> [Waiter] {
        if outcome.lifetime > .zero {
            cache.keep(outcome, of: question.key, question.policy, epoch: question.epoch, at: now)
        }
        return waiting.removeValue(forKey: question.key) ?? []
    }
}

extension Span<UInt8> {
    fileprivate func begins(with literal: StaticString) -> Bool {
        guard count >= literal.utf8CodeUnitCount else { return false }
        // SAFETY: the index is below the literal's count.
        for index in 0..<literal.utf8CodeUnitCount where self[index] != literal.utf8Start[index] { return false }
        return true
    }
}

extension String {
    init(copying bytes: Span<UInt8>) {
        // SAFETY: the bytes are only read, and only within the closure.
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
