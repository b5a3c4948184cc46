package import JSONModel

/// A path into JSON in the syntax of GJSON, in which conditions of InferenceGraphs are written; what they need of it: keys
/// (with `*` and `?`), indices, `#`, queries `#(path op value)` and `#(...)#`, `@this` and `[path, ...]`.
///
/// Source: the syntax page of github.com/tidwall/gjson.
package struct GJSONPath: Sendable, Hashable {
    package struct Problem: Error, Sendable, Hashable {
        /// As the end of a sentence.
        package let why: String
    }

    indirect enum Step: Sendable, Hashable {
        /// The value itself.
        case this
        /// A member, or an element by its number.
        case key(Pattern)
        /// How many elements there are or, before other steps, those steps for each of them.
        case each
        case query(Query, all: Bool)
        /// The values of several paths, as an array.
        case list([GJSONPath])
    }

    var steps: [Step]

    init(steps: [Step]) { self.steps = steps }

    package init(_ text: String) throws(Problem) {
        var parser = GJSONParser(text)
        self = try parser.parse()
    }

    /// What is at the path; `nil` where there is nothing.
    package func value(in json: JSONValue) -> JSONValue? { Self.value(steps[...], json) }

    private static func value(_ steps: ArraySlice<Step>, _ json: JSONValue) -> JSONValue? {
        guard let step = steps.first else { return json }
        let rest = steps.dropFirst()
        switch step {
        case .this: return value(rest, json)
        case .key(let pattern):
            return pattern.member(of: json).flatMap { value(rest, $0) }
        case .each:
            guard let elements = json.arrayValue else { return nil }
            if rest.isEmpty { return .number(JSONNumber(elements.count)) }
            return .array(elements.compactMap { value(rest, $0) })
        case .query(let query, let all):
            guard let elements = json.arrayValue else { return nil }
            if all { return .array(elements.filter(query.takes).compactMap { value(rest, $0) }) }
            return elements.first(where: query.takes).flatMap { value(rest, $0) }
        case .list(let paths):
            return value(rest, .array(paths.compactMap { $0.value(in: json) }))
        }
    }
}

extension GJSONPath {
    /// A key, in which `*` stands for any text and `?` for any character unless they are escaped.
    struct Pattern: Sendable, Hashable {
        enum Part: Sendable, Hashable {
            case character(Character)
            case one
            case any
        }

        var parts: [Part]

        private var literal: String? {
            var text = ""
            for part in parts {
                guard case .character(let character) = part else { return nil }
                text.append(character)
            }
            return text
        }

        func member(of json: JSONValue) -> JSONValue? {
            switch json {
            case .object(let members):
                if let literal { return members[literal] }
                return members.first { matches($0.key) }?.value
            case .array(let elements):
                guard let index = literal.flatMap({ Int($0) }), elements.indices.contains(index) else { return nil }
                return elements[index]
            default: return nil
            }
        }

        /// Goes back to the last `*` only, so that the time is at most the product of both lengths.
        func matches(_ text: String) -> Bool {
            let characters = Array(text)
            var (at, part, star, mark) = (0, 0, -1, 0)
            while at < characters.count {
                if part < parts.count, parts[part] == .any {
                    (star, mark) = (part, at)
                    part += 1
                } else if part < parts.count, parts[part] == .one || parts[part] == .character(characters[at]) {
                    at += 1
                    part += 1
                } else if star >= 0 {
                    mark += 1
                    (at, part) = (mark, star + 1)
                } else {
                    return false
                }
            }
            return parts[part...].allSatisfy { $0 == .any }
        }
    }

    /// What an element must be like.
    struct Query: Sendable, Hashable {
        enum Comparison: String, Sendable, Hashable, CaseIterable {
            // The longer ones first: they begin like the others.
            case equal = "=="
            case notEqual = "!="
            case atMost = "<="
            case atLeast = ">="
            case unlike = "!%"
            case less = "<"
            case greater = ">"
            case like = "%"
        }

        /// What is compared; `nil`: the element itself.
        var path: GJSONPath?
        /// `nil`: the path need only be there.
        var comparison: Comparison?
        var value = ""

        func takes(_ element: JSONValue) -> Bool {
            guard let found = path.map({ $0.value(in: element) }) ?? element else { return false }
            guard let comparison else { return true }
            switch found {
            case .string(let text): return Self.compare(text, comparison, value)
            case .number(let number):
                guard let wanted = Double(value), let number = number.double else { return comparison == .notEqual }
                return Self.ordered(number, comparison, wanted)
            case .bool(let flag):
                switch comparison {
                case .equal: return value == (flag ? "true" : "false")
                case .notEqual: return value != (flag ? "true" : "false")
                default: return false
                }
            case .null: return comparison == .equal ? value == "null" : comparison == .notEqual && value != "null"
            case .array, .object: return false
            }
        }

        private static func compare(_ text: String, _ comparison: Comparison, _ wanted: String) -> Bool {
            switch comparison {
            case .like: Pattern(wildcards: wanted).matches(text)
            case .unlike: !Pattern(wildcards: wanted).matches(text)
            default: ordered(text, comparison, wanted)
            }
        }

        private static func ordered<Value: Comparable>(_ left: Value, _ comparison: Comparison, _ right: Value) -> Bool
        {
            switch comparison {
            case .equal: left == right
            case .notEqual: left != right
            case .less: left < right
            case .atMost: left <= right
            case .greater: left > right
            case .atLeast: left >= right
            case .like, .unlike: false
            }
        }
    }
}

extension GJSONPath.Pattern {
    init(wildcards text: String) {
        parts = text.map { $0 == "*" ? .any : $0 == "?" ? .one : .character($0) }
    }
}
