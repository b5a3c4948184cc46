import Activation

/// What is asked about: a token under a policy.
package struct VerdictKey: Sendable, Hashable {
    let policy: ObjectIdentifier
    let digest: TokenDigest

    init(_ policy: RoutePolicy, _ digest: TokenDigest) {
        self.policy = ObjectIdentifier(policy)
        self.digest = digest
    }

    /// Of a request whose answer is for itself only.
    init(_ policy: RoutePolicy, turn: UInt64) { self.init(policy, TokenDigest(turn: turn)) }
}

/// What was found out, for a short time: an entry counts until its time is over or the epoch advances.
///
/// Denials are kept apart from the rest, so that made-up tokens cannot crowd out good ones.
struct VerdictCache {
    private struct Entry {
        var verdict: Verdict
        /// Keeps the policy's identity from being another one's.
        var policy: RoutePolicy
        var epoch: UInt64
        var end: MonotonicTime
    }

    private var allowed: [VerdictKey: Entry] = [:]
    private var denied: [VerdictKey: Entry] = [:]
    private let limit: Int

    /// - Parameter limit: entries of each kind.
    init(limit: Int = 8_192) { self.limit = limit }

    var count: Int { allowed.count + denied.count }

    func verdict(_ key: VerdictKey, epoch: UInt64, at now: MonotonicTime) -> Verdict? {
        guard let entry = allowed[key] ?? denied[key], entry.epoch == epoch, now < entry.end else { return nil }
        return entry.verdict
    }

    /// - Parameter epoch: as it was before it was found out.
    mutating func keep(
        _ outcome: Outcome, of key: VerdictKey, _ policy: RoutePolicy, epoch: UInt64, at now: MonotonicTime
    ) {
        let entry = Entry(
            verdict: outcome.verdict, policy: policy, epoch: epoch, end: now.advanced(by: outcome.lifetime))
        allowed[key] = nil
        denied[key] = nil
        switch outcome.verdict {
        case .allowed, .key: Self.keep(entry, key, in: &allowed, limit, epoch, now)
        case .denied: Self.keep(entry, key, in: &denied, limit, epoch, now)
        }
    }

    private static func keep(
        _ entry: Entry, _ key: VerdictKey, in entries: inout [VerdictKey: Entry], _ limit: Int, _ epoch: UInt64,
        _ now: MonotonicTime
    ) {
        if entries.count >= limit {
            entries = entries.filter { $0.value.epoch == epoch && now < $0.value.end }
            if entries.count >= limit { entries.removeAll(keepingCapacity: true) }
        }
        entries[key] = entry
    }
}
