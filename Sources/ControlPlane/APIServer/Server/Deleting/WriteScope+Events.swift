import JSONModel
import KubeModel
import ObjectStore
import ServingAPI

extension WriteScope {
    /// Seconds after which an event that was not repeated is forgotten, as in Kubernetes.
    private static let eventLifetime: Int64 = 3_600
    /// More than one, so that the old ones become fewer although each new one forgets but a few.
    private static let forgottenAtOnce = 4

    /// Makes room for a new event: old ones go when new ones come, which needs no clockwork.
    mutating func forgetOldEvents() throws {
        let stored = GroupResource(.events)
        let oldest = environment.now() / 1_000_000 - Self.eventLifetime
        for event in try snapshot.oldest(stored, limit: Self.forgottenAtOnce) {
            guard let time = event.lastSeen, time < oldest else { return }
            if event.finalizers.isEmpty { _ = try remove(event, stored) }
        }
    }
}

extension Object {
    /// When what this event tells of happened last, in seconds since 1970.
    fileprivate var lastSeen: Int64? {
        let times = [
            self["series", "lastObservedTime"], self["lastTimestamp"], self["eventTime"],
            self["metadata", "creationTimestamp"],
        ]
        return times.lazy.compactMap { $0?.stringValue.flatMap(Timestamp.seconds) }.first
    }
}
