/// Reads a path from left to right; a query is a path with a comparison behind it.
struct GJSONParser {
    private typealias Problem = GJSONPath.Problem
    private let text: [Character]
    private var at = 0
    /// How deep queries and lists are in each other.
    private var depth = 0

    private static let deepest = 16

    init(_ text: String) { self.text = Array(text) }

    /// The whole text.
    mutating func parse() throws(GJSONPath.Problem) -> GJSONPath {
        let path = try path()
        guard at == text.count else { throw Problem(why: "has \"\(text[at])\" where the path should end or go on") }
        return path
    }

    private var next: Character? { at < text.count ? text[at] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        at += 1
        return true
    }

    private mutating func skipSpaces() { while next == " " { at += 1 } }

    private mutating func path() throws(GJSONPath.Problem) -> GJSONPath {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw Problem(why: "is nested too deeply") }
        var steps = [try step()]
        while take(".") || take("|") { steps.append(try step()) }
        return GJSONPath(steps: steps)
    }

    private mutating func step() throws(GJSONPath.Problem) -> GJSONPath.Step {
        switch next {
        case "#": try hash()
        case "@": try modifier()
        case "[": try list()
        case "{": throw Problem(why: "begins an object with {, which is not supported; use a path")
        case "!": throw Problem(why: "has a literal behind !, which is not supported; use a path")
        default: .key(try key())
        }
    }

    private mutating func modifier() throws(GJSONPath.Problem) -> GJSONPath.Step {
        var word = ""
        while let character = next, character.isLetter || character == "@" {
            word.append(character)
            at += 1
        }
        guard word == "@this" else { throw Problem(why: "has the modifier \(word); only @this is supported") }
        return .this
    }

    private mutating func list() throws(GJSONPath.Problem) -> GJSONPath.Step {
        at += 1
        var paths: [GJSONPath] = []
        repeat {
            skipSpaces()
            paths.append(try path())
            skipSpaces()
        } while take(",")
        guard take("]") else { throw Problem(why: "has a [ without its ]") }
        return .list(paths)
    }

    private mutating func hash() throws(GJSONPath.Problem) -> GJSONPath.Step {
        at += 1
        guard take("(") else { return .each }
        let query = try query()
        guard take(")") else { throw Problem(why: "has a query without its )") }
        return .query(query, all: take("#"))
    }

    private mutating func query() throws(GJSONPath.Problem) -> GJSONPath.Query {
        var query = GJSONPath.Query()
        skipSpaces()
        if comparison == nil, next != ")" { query.path = try path() }
        skipSpaces()
        guard let comparison else { return query }
        at += comparison.rawValue.count
        query.comparison = comparison
        skipSpaces()
        query.value = try value()
        return query
    }

    private var comparison: GJSONPath.Query.Comparison? {
        GJSONPath.Query.Comparison.allCases.first { text[at...].starts(with: $0.rawValue) }
    }

    /// A string in quotes, or what stands before the parenthesis.
    private mutating func value() throws(GJSONPath.Problem) -> String {
        var value = ""
        if take("\"") {
            while let character = next, character != "\"" {
                at += 1
                if character == "\\", let escaped = next {
                    value.append(escaped)
                    at += 1
                } else {
                    value.append(character)
                }
            }
            guard take("\"") else { throw Problem(why: "has a string without its closing quote") }
            skipSpaces()
            return value
        }
        if next == "~" { throw Problem(why: "compares with ~, which is not supported") }
        while let character = next, character != ")" {
            value.append(character)
            at += 1
        }
        while value.last == " " { value.removeLast() }
        return value
    }

    private mutating func key() throws(GJSONPath.Problem) -> GJSONPath.Pattern {
        var parts: [GJSONPath.Pattern.Part] = []
        while let character = next, !Self.ends(character), comparisonEndsKey == false {
            at += 1
            switch character {
            case "\\":
                guard let escaped = next else { throw Problem(why: "ends with \\") }
                parts.append(.character(escaped))
                at += 1
            case "*": parts.append(.any)
            case "?": parts.append(.one)
            default: parts.append(.character(character))
            }
        }
        guard !parts.isEmpty else { throw Problem(why: "has a step without a name") }
        return GJSONPath.Pattern(parts: parts)
    }

    private static func ends(_ character: Character) -> Bool { ".|)],".contains(character) }

    /// Within a query a comparison, or a space before one, ends the key.
    private var comparisonEndsKey: Bool { depth > 1 && (comparison != nil || next == " ") }
}
