import JSONModel
import KubeModel
import ObjectStore
import ServingAPI

extension WriteScope {
    /// Seconds after which an event that was not repeated is forgotten, as in Kubernetes.
    fileprivate static let eventLifetime: Int64 = 3_600
    /// More than one, so that the old ones become fewer although each new one forgets but a few.
    fileprivate static let forgottenAtOnce = 4

    /// Removes events that are over.
    ///
    /// - Returns: how many went; fewer than `limit` where no more are over.
    @discardableResult
    mutating func forgetOldEvents(atMost limit: Int = forgottenAtOnce) throws -> Int {
        var count = 0
        let stored = GroupResource(.events)
        let oldest = environment.now() / 1_000_000 - Self.eventLifetime
        for event in try snapshot.oldest(stored, limit: limit) {
            guard let time = event.lastSeen, time < oldest else { return count }
            if event.finalizers.isEmpty { _ = try remove(event, stored) }
            count += 1
        }
        return count
    }
}

extension ObjectServer {
    /// How often is looked for events that are over.
    private static let expiryInterval: Duration = .seconds(60)
    private static let expiredAtOnce = 200

    /// Removes events an hour after they were last seen, until cancelled.
    package func expireEvents() async {
        while !Task.isCancelled {
            _ = try? await forgetExpiredEvents()
            try? await environment.sleep(Self.expiryInterval)
        }
    }

    /// - Returns: how many events went.
    func forgetExpiredEvents() async throws -> Int {
        var count = 0
        while try await hasExpiredEvents() {
            let gone = try await write { try $0.forgetOldEvents(atMost: Self.expiredAtOnce) }
            count += gone
            // One that a finalizer keeps is not waited for.
            if gone < Self.expiredAtOnce { break }
        }
        return count
    }

    private func hasExpiredEvents() async throws -> Bool {
        let oldest = environment.now() / 1_000_000 - WriteScope.eventLifetime
        return try await read { snapshot in
            try snapshot.oldest(GroupResource(.events), limit: 1).first?.lastSeen.map { $0 < oldest } ?? false
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
