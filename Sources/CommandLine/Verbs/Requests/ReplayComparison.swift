import JSONModel

/// Two answers to the same request beside each other.
struct ReplayComparison: Sendable {
    struct Side: Sendable, Hashable {
        var status: Int
        var milliseconds: Double
        var text: String
    }

    let before: Side
    let after: Side

    init(_ record: JSONValue, _ answer: Replay.Answer) {
        before = Side(
            status: record["status"]?.intValue ?? 0, milliseconds: record["milliseconds"]?.doubleValue ?? 0,
            text: AnswerText.of(record["response"]?.stringValue ?? ""))
        after = Side(status: answer.status, milliseconds: answer.milliseconds, text: AnswerText.of(answer.body))
    }

    var isSame: Bool { before.status == after.status && before.text == after.text }

    var json: JSONValue {
        func side(_ side: Side) -> JSONValue {
            [
                "status": .number(JSONNumber(side.status)), "milliseconds": .number(JSONNumber(side.milliseconds)),
                "text": .string(side.text),
            ]
        }
        return ["same": .bool(isSame), "before": side(before), "after": side(after)]
    }

    func text(_ terminal: Terminal) -> String {
        let head =
            "status \(before.status), then \(after.status)   took \(Moments.duration(before.milliseconds)), then "
            + Moments.duration(after.milliseconds)
        guard !isSame else { return head + "\nThe answers are the same." }
        return ([head] + changes(terminal)).joined(separator: "\n")
    }

    /// Line by line: `-` was answered then, `+` is now.
    private func changes(_ terminal: Terminal) -> [String] {
        let (old, new) = (lines(before.text), lines(after.text))
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map { Self.offset($0) })
        let inserted = Set(difference.insertions.map { Self.offset($0) })
        var (result, left, right): ([String], Int, Int) = ([], 0, 0)
        while left < old.count || right < new.count {
            if removed.contains(left), left < old.count {
                result.append(terminal.styled("- " + old[left], .red))
                left += 1
            } else if inserted.contains(right), right < new.count {
                result.append(terminal.styled("+ " + new[right], .green))
                right += 1
            } else {
                result.append("  " + (left < old.count ? old[left] : ""))
                left += 1
                right += 1
            }
        }
        return result
    }

    private static func offset(_ change: CollectionDifference<String>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}

/// What a person reads of an answer: the text of a chat or completion, whole or in events; else the JSON, laid out.
enum AnswerText {
    static func of(_ body: String) -> String {
        if body.contains("data:"), let text = events(body) { return text }
        guard let json = try? JSONValue(parsing: body) else { return body }
        return choices(json) ?? json.prettyPrinted()
    }

    private static func events(_ body: String) -> String? {
        let pieces = body.split(separator: "\n").filter { $0.hasPrefix("data:") }.map {
            $0.dropFirst("data:".count).drop { $0 == " " }
        }
        let texts = pieces.compactMap { (try? JSONValue(parsing: $0)).flatMap(choices) }
        return texts.isEmpty ? nil : texts.joined()
    }

    private static func choices(_ json: JSONValue) -> String? {
        guard let choices = json["choices"]?.arrayValue else { return nil }
        return choices.map { choice in
            choice[path: "message", "content"]?.stringValue ?? choice[path: "delta", "content"]?.stringValue
                ?? choice["text"]?.stringValue ?? ""
        }.joined(separator: "\n")
    }
}
