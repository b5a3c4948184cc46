/// What `-o jsonpath=` takes: text with expressions in braces.
///
/// `{.metadata.name}`, `{"\n"}`, `{range .items[*]}{.metadata.name}{"\t"}{end}`.
package struct JSONPathTemplate: Sendable, Hashable {
    private indirect enum Part: Sendable, Hashable {
        case text(String)
        case path(JSONPath)
        case range(JSONPath, [Part])
    }

    private let parts: [Part]

    package init(parsing text: String) throws(JSONPathError) {
        var parser = JSONPathParser(text)
        parts = try Self.parse(&parser, isInRange: false, depth: 0)
    }

    /// The text for `value`. Several values of one expression have a space between them; a missing one is empty;
    /// objects and lists are written as JSON.
    package func rendered(_ value: JSONValue) -> String { Self.render(parts, value) }

    private static func render(_ parts: [Part], _ value: JSONValue) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .path(let path): path.values(in: value).map(\.plainText).joined(separator: " ")
            case .range(let path, let body): path.values(in: value).map { render(body, $0) }.joined()
            }
        }.joined()
    }

    private static func parse(
        _ parser: inout JSONPathParser, isInRange: Bool, depth: Int
    ) throws(JSONPathError) -> [Part] {
        var parts: [Part] = []
        var text = ""
        while let character = parser.takeAny() {
            guard character == "{" else {
                text.append(character)
                continue
            }
            if !text.isEmpty { parts.append(.text(text)) }
            text = ""
            parser.skipSpace()
            if parser.take("end") {
                guard isInRange, parser.takeClose() else { throw parser.error("{end} without {range}") }
                return parts
            }
            parts += try parseAction(&parser, depth: depth)
        }
        guard !isInRange else { throw parser.error("{range} without {end}") }
        return text.isEmpty ? parts : parts + [.text(text)]
    }

    /// What stands between braces: `range` and a path, or paths and quoted texts.
    private static func parseAction(_ parser: inout JSONPathParser, depth: Int) throws(JSONPathError) -> [Part] {
        if parser.take("range ") {
            guard depth < 10 else { throw parser.error("ranges in too many ranges") }
            parser.skipSpace()
            let path = try parser.parsePath()
            guard parser.takeClose() else { throw parser.error("expected '}'") }
            return [.range(path, try parse(&parser, isInRange: true, depth: depth + 1))]
        }
        var parts: [Part] = []
        while !parser.takeClose() {
            if parser.next == "\"" || parser.next == "'" {
                parts.append(.text(try parser.parseQuoted()))
            } else {
                let start = parser.offset
                parts.append(.path(try parser.parsePath(isRelaxed: true)))
                guard parser.offset > start else { throw parser.error("expected a path, a text in quotes, or '}'") }
            }
        }
        return parts
    }
}

extension JSONPathParser {
    /// Takes the `}` that ends an expression, and the space before it.
    fileprivate mutating func takeClose() -> Bool {
        skipSpace()
        return take("}")
    }
}

extension JSONValue {
    /// For people and shells: a string as it is, null as nothing, anything else as JSON.
    package var plainText: String {
        switch self {
        case .string(let text): text
        case .null: ""
        default: text
        }
    }
}
