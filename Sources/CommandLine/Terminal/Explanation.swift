import JSONModel
import KubeModel
import ServingAPI

extension Explanation {
    /// - Parameter now: seconds since 1970.
    func text(now: Int64, _ terminal: Terminal) -> String {
        var lines = ["\(terminal.styled(name, .bold)) is \(state)"]
        if !causes.isEmpty { lines += ["", "Because:"] + causes.map { "  \(Self.line($0, terminal))" } }
        if let remedy { lines += ["", "What to do: \(remedy)"] }
        lines += ["", "What was decided:"]
        lines +=
            decisions.isEmpty
            ? ["  nothing yet"]
            : decisions.map { decision in
                let age = Age.text(since: decision.time, now: now)
                let times = decision.count > 1 ? " (\(decision.count) times)" : ""
                let reason = terminal.styled(decision.reason, decision.isWarning ? .yellow : .green)
                let padding = String(repeating: " ", count: max(0, 6 - age.count))
                return "  \(padding)\(age)  \(reason)  \(decision.object): \(decision.message)\(times)"
            }
        return lines.joined(separator: "\n")
    }

    private static func line(_ cause: Cause, _ terminal: Terminal) -> String {
        let condition = cause.condition
        let style: Terminal.Style = condition.isFalse ? .red : .yellow
        let why = [condition.reason, condition.message].compactMap(\.self).filter { !$0.isEmpty }
        let head = "\(cause.kind) \(cause.name)  \(condition.type) \(terminal.styled(condition.status, style))"
        return why.isEmpty ? head : "\(head): \(why.joined(separator: ": "))"
    }

    var json: JSONValue {
        [
            "name": .string(name), "state": .string(state), "remedy": remedy.map { .string($0) } ?? .null,
            "causes": .array(
                causes.map { cause in
                    [
                        "kind": .string(cause.kind), "name": .string(cause.name),
                        "condition": .string(cause.condition.type), "status": .string(cause.condition.status),
                        "reason": .string(cause.condition.reason ?? ""),
                        "message": .string(cause.condition.message ?? ""),
                    ]
                }),
            "decisions": .array(
                decisions.map { decision in
                    [
                        "time": .string(decision.time), "type": .string(decision.isWarning ? "Warning" : "Normal"),
                        "reason": .string(decision.reason), "object": .string(decision.object),
                        "message": .string(decision.message), "count": .number(JSONNumber(decision.count)),
                    ]
                }),
        ]
    }
}
