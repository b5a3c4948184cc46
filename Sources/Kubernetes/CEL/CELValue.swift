package import JSONModel

/// A value of the Common Expression Language.
package indirect enum CELValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([CELValue])
    case map([CELValue: CELValue])
    /// Nanoseconds since 1970.
    case timestamp(Int64)
    /// Nanoseconds.
    case duration(Int64)
    /// A value or its absence, as `?.` gives it.
    case optional(CELValue?)
    case type(String)

    /// What `type()` says, and messages.
    package var typeName: String {
        switch self {
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .map: "map"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .optional: "optional_type"
        case .type: "type"
        }
    }

    /// The value of JSON of which nothing more is known: whole numbers are ints, others doubles.
    package init(json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let number): self = number.int.map { .int(Int64($0)) } ?? .double(number.double ?? 0)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(elements.map(CELValue.init(json:)))
        case .object(let object):
            self = .map(
                Dictionary(
                    object.map { (CELValue.string($0.key), CELValue(json: $0.value)) },
                    uniquingKeysWith: { _, last in last }))
        }
    }
}

extension CELValue {
    /// Equality of the language: numbers of all types are compared by size, values of different types are not equal.
    func isEqual(to other: CELValue) -> Bool {
        switch (self, other) {
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isEqual(to: $1) }
        case (.map(let left), .map(let right)):
            return left.count == right.count
                && left.allSatisfy { key, value in right[key].map { $0.isEqual(to: value) } ?? false }
        case (.optional(let left?), .optional(let right?)): return left.isEqual(to: right)
        default:
            if let order = numericOrder(other) { return order == 0 }
            return self == other
        }
    }

    /// -1, 0 or 1; `nil` where the two cannot be compared.
    func order(_ other: CELValue) -> Int? {
        switch (self, other) {
        case (.string(let left), .string(let right)):
            return Self.order(left.unicodeScalars.map(\.value), right.unicodeScalars.map(\.value))
        case (.bytes(let left), .bytes(let right)): return Self.order(left, right)
        case (.bool(let left), .bool(let right)): return left == right ? 0 : left ? 1 : -1
        case (.timestamp(let left), .timestamp(let right)), (.duration(let left), .duration(let right)):
            return left == right ? 0 : left < right ? -1 : 1
        default: return numericOrder(other)
        }
    }

    private static func order<Element: Comparable>(_ left: [Element], _ right: [Element]) -> Int {
        left == right ? 0 : left.lexicographicallyPrecedes(right) ? -1 : 1
    }

    private func numericOrder(_ other: CELValue) -> Int? {
        switch (self, other) {
        case (.int(let left), .int(let right)): return left == right ? 0 : left < right ? -1 : 1
        case (.uint(let left), .uint(let right)): return left == right ? 0 : left < right ? -1 : 1
        default:
            guard let left = number, let right = other.number, !left.isNaN, !right.isNaN else { return nil }
            return left == right ? 0 : left < right ? -1 : 1
        }
    }

    /// Of a number of any type.
    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .uint(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// As the key of a map: whole numbers of all types are one.
    var asKey: CELValue {
        switch self {
        case .uint(let value): Int64(exactly: value).map { .int($0) } ?? self
        case .double(let value): Int64(exactly: value).map { .int($0) } ?? self
        default: self
        }
    }
}

/// Why an expression cannot be read, or has no value.
package struct CELError: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }

    static func noOverload(_ what: String) -> CELError { CELError("no such overload: \(what)") }
}
