package import JSONModel

/// A value's place in the authorization JSON, such as `auth.identity.user.username` or `request.headers.x-team`: gjson's
/// paths, as far as they are names, indices and `#` (how many there are). `\.` is a dot within a name.
package struct AuthSelector: Sendable, Hashable {
    package let text: String
    private let steps: [String]

    /// - Returns: `nil` for what only gjson would understand: modifiers, queries, wildcards.
    package init?(_ text: String) {
        guard !text.isEmpty, !text.contains(where: { "@{}()|*?[]\"".contains($0) }) else { return nil }
        self.text = text
        var steps = [""]
        var isEscaped = false
        for character in text {
            switch character {
            case "\\" where !isEscaped: isEscaped = true
            case "." where !isEscaped: steps.append("")
            default:
                steps[steps.count - 1].append(character)
                isEscaped = false
            }
        }
        guard !steps.contains("") else { return nil }
        self.steps = steps
    }

    /// `nil` where there is nothing.
    package func value(in json: JSONValue) -> JSONValue? {
        var value = json
        for step in steps {
            if case .array(let elements) = value {
                if step == "#" { return .number(JSONNumber(elements.count)) }
                guard let index = Int(step), elements.indices.contains(index) else { return nil }
                value = elements[index]
            } else {
                guard let next = value[step] else { return nil }
                value = next
            }
        }
        return value
    }

    /// What it is about: `auth`, `request`, `context`.
    package var root: String { steps[0] }
}

extension JSONValue {
    /// As gjson turns a value into text: nothing and null are empty.
    package var selectedText: String {
        switch self {
        case .null: ""
        case .string(let text): text
        case .bool, .number, .array, .object: String(decoding: serialized(), as: UTF8.self)
        }
    }
}
