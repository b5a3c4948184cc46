package import CEL
package import JSONModel

/// Something that holds of a request or does not.
package indirect enum AuthPredicate: Sendable {
    package enum Comparison: String, Sendable, CaseIterable {
        case equal = "eq"
        case notEqual = "neq"
        case includes = "incl"
        case excludes = "excl"
        case matches
    }

    case compare(AuthSelector, Comparison, String)
    case program(CELProgram)
    case all([AuthPredicate])
    case any([AuthPredicate])

    /// What an expression may mention.
    package static let variables: Set<String> = ["request", "source", "destination", "auth", "context", "metadata"]

    /// - Throws: where it has no answer. Whoever asks denies.
    package func holds(_ json: JSONValue) throws -> Bool {
        switch self {
        case .compare(let selector, let comparison, let expected):
            return try Self.compare(selector.value(in: json), comparison, expected)
        case .program(let program):
            guard case .bool(let answer) = try program.evaluate(onAuthorization: json) else {
                throw CELError("the predicate is neither true nor false")
            }
            return answer
        case .all(let parts): return try parts.allSatisfy { try $0.holds(json) }
        case .any(let parts): return try parts.contains { try $0.holds(json) }
        }
    }

    private static func compare(_ found: JSONValue?, _ comparison: Comparison, _ expected: String) throws -> Bool {
        let text = found?.selectedText ?? ""
        switch comparison {
        case .equal: return text == expected
        case .notEqual: return text != expected
        case .includes: return found?.arrayValue?.contains { $0.selectedText == expected } ?? false
        case .excludes: return !(found?.arrayValue?.contains { $0.selectedText == expected } ?? false)
        case .matches: return try Regex(expected).firstMatch(in: text) != nil
        }
    }

    /// Whether it depends on nothing but who calls.
    package var isAboutCaller: Bool {
        switch self {
        case .compare(let selector, _, _): selector.isAboutCaller
        case .program(let program): program.variables.isSubset(of: ["auth"])
        case .all(let parts), .any(let parts): parts.allSatisfy(\.isAboutCaller)
        }
    }
}

/// A value that a rule gives or takes from the request.
package enum AuthValue: Sendable {
    case constant(JSONValue)
    case selector(AuthSelector)
    case program(CELProgram)

    /// - Throws: where an expression has no value.
    package func value(in json: JSONValue) throws -> JSONValue {
        switch self {
        case .constant(let value): value
        case .selector(let selector): selector.value(in: json) ?? .null
        case .program(let program): try program.evaluate(onAuthorization: json).json
        }
    }

    package var isAboutCaller: Bool {
        switch self {
        case .constant: true
        case .selector(let selector): selector.isAboutCaller
        case .program(let program): program.variables.isSubset(of: ["auth"])
        }
    }
}

extension CELProgram {
    fileprivate func evaluate(onAuthorization json: JSONValue) throws(CELError) -> CELValue {
        var values: [String: CELValue] = [:]
        for name in variables { values[name] = CELValue(json: json[name] ?? [:]) }
        var budget = 100_000
        return try evaluate(values, budget: &budget)
    }
}

extension CELValue {
    /// What has no JSON is empty.
    fileprivate var json: JSONValue {
        switch self {
        case .bool(let value): .bool(value)
        case .int(let value): .number(JSONNumber(Int(value)))
        case .string(let text): .string(text)
        case .list(let elements): .array(elements.map(\.json))
        case .map(let entries):
            .object(
                JSONObject(
                    entries.compactMap { key, value in
                        if case .string(let name) = key { (name, value.json) } else { nil }
                    }))
        case .null, .uint, .double, .bytes, .timestamp, .duration, .optional, .type: .null
        }
    }
}
