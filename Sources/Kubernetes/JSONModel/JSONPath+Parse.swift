/// Why a text is not a JSONPath, or not a template of such.
package struct JSONPathError: Error, Sendable, Hashable, CustomStringConvertible {
    package var reason: String
    /// Characters from the start of the text.
    package var offset: Int

    package var description: String { "\(reason) at character \(offset + 1)" }
}

extension JSONPath {
    /// Reads `.a.b[0]`, with or without `$` or `{}` around it, and with or without the first dot (as kubectl's
    /// custom columns allow).
    package init(parsing text: String) throws(JSONPathError) {
        var body = Substring(text)
        if body.first == "{", body.last == "}" { body = body.dropFirst().dropLast() }
        var parser = JSONPathParser(String(body))
        self = try parser.parsePath(isRelaxed: true)
        parser.skipSpace()
        guard parser.isAtEnd else { throw parser.error("unexpected text") }
    }
}

struct JSONPathParser {
    private let characters: [Character]
    private(set) var offset = 0
    private var depth = 0

    init(_ text: String) { characters = Array(text) }

    var isAtEnd: Bool { offset == characters.count }
    var next: Character? { offset < characters.count ? characters[offset] : nil }

    mutating func parsePath(isRelaxed: Bool = false) throws(JSONPathError) -> JSONPath {
        var steps: [JSONPath.Step] = []
        if next == "$" || next == "@" {
            offset += 1
        } else if isRelaxed, let first = next, first != ".", first != "[" {
            steps.append(try parseMember())
        }
        while let character = next, character == "." || character == "[" {
            if character == "[" {
                steps.append(try parseBrackets())
            } else if take("..") {
                steps.append(.descendants)
                if next != "[" { steps.append(try parseMember()) }
            } else {
                offset += 1
                if next == nil, steps.isEmpty { break }
                if next != "[" { steps.append(try parseMember()) }
            }
        }
        return JSONPath(steps: steps)
    }

    /// A name up to the next special character; `\` takes one as it is.
    private mutating func parseMember() throws(JSONPathError) -> JSONPath.Step {
        var name = ""
        while let character = next, !" \t\n.,[]{}()$@=!<>".contains(character) {
            offset += 1
            if character == "\\", let escaped = next {
                name.append(escaped)
                offset += 1
            } else {
                name.append(character)
            }
        }
        guard !name.isEmpty else { throw error("expected a field's name") }
        return name == "*" ? .all : .members([name])
    }

    private mutating func parseBrackets() throws(JSONPathError) -> JSONPath.Step {
        offset += 1
        skipSpace()
        let step: JSONPath.Step
        switch next {
        case "*":
            offset += 1
            step = .all
        case "?": step = .filter(try parseFilter())
        case "'", "\"": step = .members(try parseNames())
        default: step = try parseNumbers()
        }
        skipSpace()
        guard take("]") else { throw error("expected ']'") }
        return step
    }

    private mutating func parseNames() throws(JSONPathError) -> [String] {
        var names: [String] = []
        repeat {
            skipSpace()
            names.append(try parseQuoted())
            skipSpace()
        } while take(",")
        return names
    }

    private mutating func parseNumbers() throws(JSONPathError) -> JSONPath.Step {
        let first = parseInteger()
        if take(":") {
            let end = parseInteger()
            let step = take(":") ? parseInteger() ?? 1 : 1
            guard step > 0 else { throw error("the step of a slice must be above 0") }
            return .slice(from: first, to: end, by: step)
        }
        guard var indices = first.map({ [$0] }) else { throw error("expected an index, a name in quotes, * or ?()") }
        while take(",") {
            guard let index = parseInteger() else { throw error("expected an index") }
            indices.append(index)
        }
        return .elements(indices)
    }

    private mutating func parseFilter() throws(JSONPathError) -> JSONPath.Filter {
        depth += 1
        defer { depth -= 1 }
        guard take("?("), depth <= 10 else { throw error("expected ?(") }
        skipSpace()
        var filter = JSONPath.Filter(path: try parsePath(isRelaxed: false))
        skipSpace()
        if let comparison = JSONPath.Comparison.allCases.first(where: { take($0.rawValue) }) {
            skipSpace()
            filter.comparison = comparison
            filter.expected = try parseOperand()
            skipSpace()
        }
        guard take(")") else { throw error("expected ')'; filters are @.field, or @.field compared with a value") }
        return filter
    }

    private mutating func parseOperand() throws(JSONPathError) -> JSONPath.Operand {
        if next == "@" || next == "$" || next == "." { return .path(try parsePath(isRelaxed: false)) }
        if next == "'" || next == "\"" { return .value(.string(try parseQuoted())) }
        let start = offset
        while let character = next, character != ")", !character.isWhitespace { offset += 1 }
        let word = String(characters[start..<offset])
        guard let value = try? JSONValue(parsing: word) else { throw error("expected a value to compare with") }
        return .value(value)
    }

    /// A text in single or double quotes, with `\n`, `\t`, `\r` and `\` before any character.
    mutating func parseQuoted() throws(JSONPathError) -> String {
        let quote = next
        guard quote == "'" || quote == "\"" else { throw error("expected a text in quotes") }
        offset += 1
        var text = ""
        while let character = next, character != quote {
            offset += 1
            guard character == "\\", let escaped = next else {
                text.append(character)
                continue
            }
            offset += 1
            text.append(["n": "\n", "t": "\t", "r": "\r"][escaped] ?? escaped)
        }
        guard next == quote else { throw error("a text in quotes does not end") }
        offset += 1
        return text
    }

    private mutating func parseInteger() -> Int? {
        skipSpace()
        let start = offset
        if next == "-" { offset += 1 }
        while let character = next, character.isASCII, character.isNumber { offset += 1 }
        let value = Int(String(characters[start..<offset]))
        skipSpace()
        return value
    }

    mutating func take(_ text: String) -> Bool {
        guard characters[offset...].starts(with: text) else { return false }
        offset += text.count
        return true
    }

    mutating func takeAny() -> Character? {
        guard let character = next else { return nil }
        offset += 1
        return character
    }

    mutating func skipSpace() {
        while let character = next, character.isWhitespace { offset += 1 }
    }

    func error(_ reason: String) -> JSONPathError { JSONPathError(reason: reason, offset: offset) }
}
