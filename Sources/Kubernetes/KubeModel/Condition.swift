import JSONModel

/// One entry of `status.conditions`.
package struct Condition: Sendable, Hashable {
    package var type: String
    /// `True`, `False` or `Unknown`.
    package var status: String
    package var reason: String?
    package var message: String?
    /// Knative's `severity`: empty for conditions that count, `Info` for those that only tell.
    package var severity: String?

    package init(
        _ type: String, _ status: String, reason: String? = nil, message: String? = nil, severity: String? = nil
    ) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.severity = severity
    }

    package var isTrue: Bool { status == "True" }
    package var isFalse: Bool { status == "False" }
    package var isUnknown: Bool { status == "Unknown" }
}

extension Object {
    /// `status.conditions`, in the order they stand.
    package var conditions: [Condition] {
        (json[path: "status", "conditions"]?.arrayValue ?? []).compactMap { json in
            guard let type = json["type"]?.stringValue else { return nil }
            return Condition(
                type, json["status"]?.stringValue ?? "Unknown", reason: json["reason"]?.stringValue,
                message: json["message"]?.stringValue, severity: json["severity"]?.stringValue)
        }
    }

    package func condition(_ type: String) -> Condition? { conditions.first { $0.type == type } }

    /// Replaces `status.conditions`, sorted by type (as Knative does). `lastTransitionTime` moves only where `status`
    /// changes, so that writing the same conditions again changes nothing.
    ///
    /// - Parameter now: RFC 3339.
    package mutating func setConditions(_ conditions: [Condition], now: String) {
        let old = json[path: "status", "conditions"]?.arrayValue ?? []
        let entries = conditions.sorted { $0.type < $1.type }.map { condition -> JSONValue in
            let previous = old.first { $0["type"]?.stringValue == condition.type }
            let unchanged = previous?["status"]?.stringValue == condition.status
            var entry: JSONValue = ["type": .string(condition.type), "status": .string(condition.status)]
            entry["lastTransitionTime"] = unchanged ? previous?["lastTransitionTime"] : .string(now)
            if let reason = condition.reason { entry["reason"] = .string(reason) }
            if let message = condition.message { entry["message"] = .string(message) }
            if let severity = condition.severity { entry["severity"] = .string(severity) }
            return entry
        }
        json[path: "status", "conditions"] = .array(entries)
    }
}
