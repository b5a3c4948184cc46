import JSONModel
import Yams

/// What a scalar stands for.
enum YAMLScalar {
    private static let booleans: [String: Bool] = {
        var words: [String: Bool] = [:]
        for (word, value) in [("y", true), ("yes", true), ("on", true), ("true", true)]
            + [("n", false), ("no", false), ("off", false), ("false", false)]
        {
            for spelling in [word, word.prefix(1).uppercased() + word.dropFirst(), word.uppercased()] {
                words[spelling] = value
            }
        }
        return words
    }()
    private static let nulls: Set<String> = ["", "~", "null", "Null", "NULL"]

    static func value(_ scalar: Node.Scalar) throws(YAMLError) -> JSONValue {
        let tag = scalar.tag.rawValue
        let text = scalar.string
        if tag == Tag.Name.str.rawValue || tag == Tag.Name.binary.rawValue { return .string(text) }
        guard isPlain(scalar) || tag.hasPrefix("tag:yaml.org,2002:") else { return .string(text) }
        return try plain(text, scalar.mark)
    }

    /// A key is always text: `1: x` has the key `1`, `yes: x` the key `true`; null is none. Its tag says nothing: Yams has resolved it.
    static func key(_ scalar: Node.Scalar) throws(YAMLError) -> String {
        guard isPlain(scalar) else { return scalar.string }
        return switch try plain(scalar.string, scalar.mark) {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.literal
        case .null, .array, .object: throw YAMLConversion.error("a key must not be null", scalar.mark)
        }
    }

    static func isPlain(_ scalar: Node.Scalar) -> Bool { scalar.style == .plain || scalar.style == .any }

    static func plain(_ text: String, _ mark: Mark? = nil) throws(YAMLError) -> JSONValue {
        if nulls.contains(text) { return .null }
        if let value = booleans[text] { return .bool(value) }
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return .string(text) }
        if [".inf", "+.inf", "-.inf", ".nan"].contains(text.lowercased()) {
            throw YAMLConversion.error("\(text) cannot be said in JSON", mark)
        }
        return number(text).map { .number($0) } ?? .string(text)
    }

    /// Decimal, hexadecimal (`0x`), octal (`0o7`, `07`), binary (`0b`), with `_` between digits and a sign before them.
    private static func number(_ text: String) -> JSONNumber? {
        if case .number(let literal)? = try? JSONValue(parsing: text) {
            return literal.double?.isFinite == true ? literal : nil
        }
        let isNegative = text.hasPrefix("-")
        let digits = text.dropFirst(isNegative || text.hasPrefix("+") ? 1 : 0).filter { $0 != "_" }
        guard let first = digits.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        for (prefix, radix) in [("0x", 16), ("0X", 16), ("0b", 2), ("0o", 8), ("0", 8), ("", 10)]
        where digits.hasPrefix(prefix) {
            let magnitude = digits.dropFirst(prefix.count)
            guard let first = magnitude.first, first != "-", first != "+" else { continue }
            if let value = Int(magnitude, radix: radix) { return JSONNumber(isNegative ? -value : value) }
        }
        guard digits.utf8.allSatisfy("0123456789.eE+-".utf8.contains), let value = Double(digits), value.isFinite
        else { return nil }
        return JSONNumber(isNegative ? -value : value)
    }
}
