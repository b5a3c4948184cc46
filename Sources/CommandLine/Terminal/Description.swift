import JSONModel
import KubeModel
import YAMLModel

/// An object for people: what is wrong first, then what it is, then what happened to it.
struct Description {
    let text: String

    init(_ object: Object, events: [Object], terminal: Terminal) {
        var lines = ["\(object.kind) \(terminal.styled(object.key.description, .bold))"]
        lines += Self.conditions(object, terminal)
        if let failure = object["status", "modelStatus", "lastFailureInfo"] {
            lines += ["", "Last failure:"] + Self.indented(failure)
        }
        lines += ["", "Labels:"] + Self.pairs(object.labels)
        lines += ["", "Spec:"] + Self.indented(object.spec)
        var status = object.status
        status["conditions"] = nil
        if status != [:] { lines += ["", "Status:"] + Self.indented(status) }
        lines += ["", "Events:"] + Self.events(events)
        text = lines.joined(separator: "\n")
    }

    private static func conditions(_ object: Object, _ terminal: Terminal) -> [String] {
        let order = ["False": 0, "Unknown": 1, "True": 2]
        let sorted = object.conditions.sorted { (order[$0.status] ?? 3, $0.type) < (order[$1.status] ?? 3, $1.type) }
        return sorted.map { condition in
            let style: Terminal.Style = condition.isTrue ? .green : condition.isFalse ? .red : .yellow
            let why = [condition.reason, condition.message].compactMap(\.self).filter { !$0.isEmpty }
            let head = "  \(terminal.styled(condition.status, style)) \(condition.type)"
            return why.isEmpty ? head : "\(head): \(why.joined(separator: ": "))"
        }
    }

    private static func pairs(_ pairs: [String: String]) -> [String] {
        pairs.isEmpty ? ["  none"] : pairs.sorted { $0.key < $1.key }.map { "  \($0.key)=\($0.value)" }
    }

    private static func indented(_ value: JSONValue) -> [String] {
        value.yaml().split(separator: "\n").map { "  \($0)" }
    }

    private static func events(_ events: [Object]) -> [String] {
        guard !events.isEmpty else { return ["  none"] }
        return events.map { event in
            let count = event["count"]?.intValue ?? 1
            let times = count > 1 ? " (\(count) times)" : ""
            let field = { (name: String) in event[name]?.stringValue ?? "" }
            return "  \(field("lastTimestamp"))  \(field("type"))  \(field("reason")): \(field("message"))\(times)"
        }
    }
}
