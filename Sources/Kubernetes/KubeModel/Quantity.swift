package import JSONModel

/// An amount as Kubernetes writes it: `500m`, `2`, `1.5Gi`, `12e6`. Exact to billionths; what is finer is rounded up
/// (away from zero), and what is larger than an `Int64` counts as the largest one.
package struct Quantity: Sendable {
    /// How it is written again; see `description`.
    enum Notation: Sendable { case decimal, binary, exponent }

    /// The schemas' `format` of a quantity.
    package static let format = "quantity"
    static let rule = "a number, then n, u, m, k, M, G, T, P, E, or Ki, Mi, Gi, Ti, Pi, Ei, or an exponent"

    let nanos: Int128
    let notation: Notation

    init(nanos: Int128, notation: Notation) {
        self.nanos = min(max(nanos, -Self.largest), Self.largest)
        self.notation = notation
    }

    package init(_ value: Int) { self.init(nanos: Int128(value) * Self.one, notation: .decimal) }
    package init(milli: Int) { self.init(nanos: Int128(milli) * (Self.one / 1_000), notation: .decimal) }
    package init(bytes: Int) { self.init(nanos: Int128(bytes) * Self.one, notation: .binary) }

    /// A string or a number, as manifests have it; `nil` for anything else.
    package init?(_ json: JSONValue?) {
        switch json {
        case .string(let text): self.init(text)
        case .number(let number): self.init(number.literal)
        default: return nil
        }
    }

    /// The value in whole units (bytes, CPUs, pods), rounded up.
    package var value: Int { Self.roundedUp(nanos, by: Self.one) }

    /// The value in thousandths, rounded up; the largest `Int` where it does not fit.
    package var milliValue: Int { Self.roundedUp(nanos, by: Self.one / 1_000) }

    package var double: Double { Double(nanos) / Double(Self.one) }

    static let one: Int128 = 1_000_000_000
    private static let largest = Int128(Int64.max) * one

    static func roundedUp(_ value: Int128, by divisor: Int128) -> Int {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return Int(clamping: quotient + remainder.signum())
    }
}

/// Quantities are equal, and ordered, by size: `1` is `1000m`.
extension Quantity: Comparable, Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.nanos == right.nanos }
    package static func < (left: Self, right: Self) -> Bool { left.nanos < right.nanos }
    package func hash(into hasher: inout Hasher) { hasher.combine(nanos) }
}

/// The canonical form: the largest suffix that needs no fraction, binary where it was given so (`1.5Gi` is `1536Mi`).
extension Quantity: CustomStringConvertible {
    package var description: String {
        switch notation {
        case .binary where nanos.magnitude >= Self.one.magnitude * 1024 && nanos % Self.one == 0:
            scaled(nanos / Self.one, by: 1024, ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"])
        case .exponent: scaled(nanos, by: 1_000, ["e-9", "e-6", "e-3", "", "e3", "e6", "e9", "e12", "e15", "e18"])
        case .binary, .decimal: scaled(nanos, by: 1_000, ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"])
        }
    }

    private func scaled(_ value: Int128, by factor: Int128, _ suffixes: [String]) -> String {
        var value = value
        var index = 0
        if value == 0 { return "0" }
        while index < suffixes.count - 1, value % factor == 0 {
            value /= factor
            index += 1
        }
        return "\(value)\(suffixes[index])"
    }
}
