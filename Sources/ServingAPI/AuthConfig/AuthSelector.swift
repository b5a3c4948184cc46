package import JSONModel

/// A value's place in the authorization JSON, such as `auth.identity.user.username` or `request.headers.x-team`: gjson's
/// paths, as far as they are names, indices and `#` (how many there are), and Authorino's modifiers after them. `\.` is a
/// dot within a name. A text with paths in braces, such as `https://example.com/{auth.identity.sub}`, is one text.
package struct AuthSelector: Sendable, Hashable {
    enum Form: Sendable, Hashable {
        case path([String], [SelectorModifier])
        case template([Piece])
    }

    enum Piece: Sendable, Hashable {
        case text(String)
        case selector(AuthSelector)
    }

    package let text: String
    private let form: Form

    /// - Returns: `nil` for what only gjson would understand: queries, wildcards, its own modifiers.
    package init?(_ text: String) {
        self.text = text
        if let pieces = Self.pieces(text) {
            form = .template(pieces)
            return
        }
        guard let (path, modifiers) = SelectorModifier.split(text), let steps = Self.steps(path) else { return nil }
        form = .path(steps, modifiers)
    }

    private static func steps(_ path: Substring) -> [String]? {
        guard !path.isEmpty, !path.contains(where: { "@{}()|*?[]\"".contains($0) }) else { return nil }
        var steps = [""]
        var isEscaped = false
        for character in path {
            switch character {
            case "\\" where !isEscaped: isEscaped = true
            case "." where !isEscaped: steps.append("")
            default:
                steps[steps.count - 1].append(character)
                isEscaped = false
            }
        }
        return steps.contains("") ? nil : steps
    }

    /// - Returns: `nil` for what is no text with paths in braces: those of a modifier's argument follow a colon.
    private static func pieces(_ text: String) -> [Piece]? {
        guard let brace = text.firstIndex(of: "{"), !text[..<brace].contains("@") else { return nil }
        var pieces: [Piece] = []
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            guard let end = SelectorModifier.end(ofBraces: rest[brace...]),
                let selector = AuthSelector(String(rest[rest.index(after: brace)..<rest.index(before: end)]))
            else { return nil }
            if brace != rest.startIndex { pieces.append(.text(String(rest[..<brace]))) }
            pieces.append(.selector(selector))
            rest = rest[end...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    /// `nil` where there is nothing.
    package func value(in json: JSONValue) -> JSONValue? {
        switch form {
        case .path(let steps, let modifiers):
            let found = Self.value(steps, in: json)
            return modifiers.isEmpty ? found : modifiers.reduce(found) { $1.apply(to: $0) }
        case .template(let pieces):
            return .string(
                pieces.map { piece in
                    switch piece {
                    case .text(let text): text
                    case .selector(let selector): selector.value(in: json)?.selectedText ?? ""
                    }
                }.joined())
        }
    }

    private static func value(_ steps: [String], in json: JSONValue) -> JSONValue? {
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

    /// Whether it looks at nothing but who calls.
    package var isAboutCaller: Bool {
        switch form {
        case .path(let steps, _): steps[0] == "auth"
        case .template(let pieces):
            pieces.allSatisfy { if case .selector(let selector) = $0 { selector.isAboutCaller } else { true } }
        }
    }
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
