import JSONModel
package import KubeClient
package import KubeModel
package import Logging

/// Writes core/v1 Events: what happened to an object, for people. The same event again raises the count of the one
/// that is there (its name follows from what it says), so that a loop of failures stays one line; many that differ a
/// little become one, and more than a person would read are left out (`EventCorrelator`).
package struct EventRecorder: Sendable {
    package enum Level: String, Sendable, Hashable {
        case normal = "Normal"
        case warning = "Warning"
    }

    private static let events = Resource(group: "", version: "v1", kind: "Event", plural: "events")

    private let client: any ResourceClient
    private let component: String
    private let host: String?
    private let time: any TimeSource
    private let logger: Logger
    private let correlator = EventCorrelator()

    /// - Parameters:
    ///   - component: who says it, as shown by `kubectl describe`.
    ///   - host: the node on which it happened, if it matters.
    package init(
        client: any ResourceClient, component: String, host: String? = nil, time: any TimeSource = SystemTime(),
        logger: Logger
    ) {
        self.client = client
        self.component = component
        self.host = host
        self.time = time
        self.logger = logger
    }

    /// An event that cannot be written is logged and lost: it must never stop the work it tells of.
    package func record(_ level: Level, _ reason: String, about object: Object, _ message: String) async {
        let topic = EventCorrelator.Topic(
            object: "\(object.kind) \(object.key) \(object.uid)", level: level.rawValue, reason: reason)
        let verdict = correlator.take(topic, message, at: time.now)
        guard verdict != .dropped else { return }
        let event = event(level, reason, object, message, isCombined: verdict == .combined)
        do {
            try await write(event)
        } catch {
            logger.warning(
                "Could not write an event",
                metadata: ["object": "\(object.key)", "reason": "\(reason)", "error": "\(error)"])
        }
    }

    private func write(_ event: Object) async throws {
        do {
            let old = try await client.get(Self.events, event.key)
            let count = (old["count"]?.intValue ?? 1) + 1
            _ = try await client.patch(
                Self.events, event.key,
                .merge([
                    "count": .number(JSONNumber(count)), "lastTimestamp": event["lastTimestamp"] ?? .null,
                    "message": event["message"] ?? .null,
                ]))
        } catch let status as Status where status.isNotFound {
            _ = try await client.create(Self.events, event)
        }
    }

    /// - Parameter isCombined: one event for all messages.
    func event(
        _ level: Level, _ reason: String, _ object: Object, _ message: String, isCombined: Bool = false
    ) -> Object {
        let message = isCombined ? "(combined from similar events): \(message)" : message
        let identity = [
            object.uid, object.apiVersion, object.kind, level.rawValue, reason, isCombined ? "" : message, component,
        ]
        let name = "\(object.name).\(EventName.digest(identity))"
        var source: JSONValue = ["component": .string(component)]
        if let host { source["host"] = .string(host) }
        return Object(
            Self.events, namespace: object.namespace ?? "default", name: name,
            [
                "involvedObject": reference(to: object), "type": .string(level.rawValue), "reason": .string(reason),
                "message": .string(String(message.prefix(1024))), "count": 1, "source": source,
                "firstTimestamp": .string(time.timestamp), "lastTimestamp": .string(time.timestamp),
                "reportingComponent": .string(component), "reportingInstance": .string(host ?? ""),
            ])
    }

    private func reference(to object: Object) -> JSONValue {
        var reference: JSONValue = [
            "apiVersion": .string(object.apiVersion), "kind": .string(object.kind), "name": .string(object.name),
        ]
        if let namespace = object.namespace { reference["namespace"] = .string(namespace) }
        if !object.uid.isEmpty { reference["uid"] = .string(object.uid) }
        if !object.resourceVersion.isEmpty { reference["resourceVersion"] = .string(object.resourceVersion) }
        return reference
    }
}

enum EventName {
    /// Sixteen hexadecimal digits (FNV-1a) that are the same for the same texts.
    static func digest(_ texts: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for text in texts {
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
