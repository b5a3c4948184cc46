/// A JSON number as the text it was written with (`1.0`, `1e2` and twenty-digit integers survive).
///
/// Two numbers are equal when their texts are; compare `double` for their size.
package struct JSONNumber: Sendable, Hashable {
    package let literal: String

    /// - Parameter literal: text that the JSON grammar accepts as a number; the parser is the only one to pass input.
    package init(literal: String) { self.literal = literal }

    package init(_ value: Int) { literal = String(value) }

    /// Writes whole values of moderate size without a fraction, as Go's encoder does. JSON has no infinities and no
    /// NaN: they become 0.
    package init(_ value: Double) {
        guard value.isFinite else {
            literal = "0"
            return
        }
        literal = value.rounded() == value && abs(value) < 1e15 ? String(Int(value)) : value.description
    }

    /// The number as an `Int`, if it is whole and fits.
    package var int: Int? {
        if let value = Int(literal) { return value }
        guard let value = Double(literal), value.rounded() == value, abs(value) < 9e15 else { return nil }
        return Int(value)
    }

    package var double: Double? { Double(literal) }
}
