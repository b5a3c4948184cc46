import JSONModel
import KubeModel

/// The row of an Event in `kubectl get events`.
enum EventTable {
    typealias Column = ResourceDefinition.PrinterColumn

    static let columns = [
        Column("Last Seen", ""), Column("Type", ""), Column("Reason", ""), Column("Object", ""),
        Column("Subobject", "", priority: 1), Column("Source", "", priority: 1), Column("Message", ""),
        Column("First Seen", "", priority: 1), Column("Count", "", type: "integer", priority: 1),
        Column("Name", "", priority: 1),
    ]

    @Sendable static func cells(_ event: Object, _ now: Int64) -> [JSONValue] {
        let json = event.json
        let first = time(json["firstTimestamp"], json["eventTime"])
        let last = time(json[path: "series", "lastObservedTime"], json["lastTimestamp"], json["eventTime"])
        return [
            .string(Age.text(since: last, now: now)), text(json["type"]), text(json["reason"]),
            .string(object(json["involvedObject"])), text(json[path: "involvedObject", "fieldPath"]),
            .string(source(json)), .string((json["message"]?.stringValue ?? "").trimmed),
            .string(Age.text(since: first, now: now)),
            json[path: "series", "count"] ?? json["count"] ?? 1, .string(event.name),
        ]
    }

    private static func text(_ value: JSONValue?) -> JSONValue { value ?? "" }

    private static func time(_ candidates: JSONValue?...) -> String? {
        candidates.lazy.compactMap { $0?.stringValue }.first
    }

    private static func object(_ reference: JSONValue?) -> String {
        "\((reference?["kind"]?.stringValue ?? "").lowercased())/\(reference?["name"]?.stringValue ?? "")"
    }

    private static func source(_ json: JSONValue) -> String {
        let parts = [
            json[path: "source", "component"]?.stringValue ?? json["reportingComponent"]?.stringValue,
            json[path: "source", "host"]?.stringValue ?? json["reportingInstance"]?.stringValue,
        ]
        return parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
    }
}

extension String {
    fileprivate var trimmed: String {
        guard let end = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[...end].drop(while: \.isWhitespace))
    }
}
