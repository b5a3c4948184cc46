import JSONModel
import ServingAPI
import Synchronization

/// What evaluators found, for as long as their AuthConfigs say, and tokens of Martlet's own at other servers. Used off the
/// event loops only.
final class EvaluatorCache: Sendable {
    private struct Key: Hashable {
        var policy: ObjectIdentifier
        /// The evaluator, and what it looked at.
        var text: String
    }

    private struct Entry {
        var value: JSONValue
        var end: Double
        /// Keeps the policy's identity from being another one's.
        var policy: RoutePolicy
    }

    private let entries = Mutex<[Key: Entry]>([:])
    private let limit: Int

    /// - Parameter limit: entries; when they are reached those that are over are dropped, or else all.
    init(limit: Int = 8_192) { self.limit = limit }

    func value(_ text: String, of policy: RoutePolicy, at now: Double) -> JSONValue? {
        entries.withLock { entries in
            guard let entry = entries[Key(policy: ObjectIdentifier(policy), text: text)], now < entry.end else {
                return nil
            }
            return entry.value
        }
    }

    /// - Parameter lifetime: seconds.
    func keep(_ value: JSONValue, _ text: String, of policy: RoutePolicy, for lifetime: Double, at now: Double) {
        guard lifetime > 0 else { return }
        entries.withLock { entries in
            if entries.count >= limit {
                entries = entries.filter { now < $0.value.end }
                if entries.count >= limit { entries.removeAll(keepingCapacity: true) }
            }
            entries[Key(policy: ObjectIdentifier(policy), text: text)] =
                Entry(value: value, end: now + lifetime, policy: policy)
        }
    }
}
