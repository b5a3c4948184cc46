extension Quantity {
    /// `nil` where `text` is no quantity.
    package init?(_ text: String) {
        var rest = Substring(text).utf8
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard let number = Self.takeNumber(&rest), let unit = Unit(Substring(rest)) else { return nil }
        let magnitude = unit.nanos(number.digits, scale: number.fractionDigits)
        self.init(nanos: isNegative ? -magnitude : magnitude, notation: unit.notation)
    }

    /// Takes `12`, `1.5`, `.5` or `5.` and returns its digits as one number, and how many stood after the point. Digits
    /// past the twentieth of a fraction only matter for rounding up, and are kept as one.
    private static func takeNumber(_ rest: inout Substring.UTF8View) -> (digits: Int128, fractionDigits: Int)? {
        var digits: Int128 = 0
        var fractionDigits = 0
        var hasDigit = false
        var isFraction = false
        while let byte = rest.first {
            if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                hasDigit = true
                let digit = Int128(byte - UInt8(ascii: "0"))
                if isFraction, fractionDigits == 20 || digits > ceiling {
                    if digit > 0, digits % 10 == 0 { digits += 1 }
                } else {
                    digits = min(digits, ceiling) * 10 + digit
                    if isFraction { fractionDigits += 1 }
                }
            } else {
                break
            }
            rest = rest.dropFirst()
        }
        return hasDigit ? (digits, fractionDigits) : nil
    }

    /// Larger numbers are all the largest quantity, whatever follows, unless a negative exponent follows.
    private static let ceiling: Int128 = 10_000_000_000_000_000_000_000_000_000_000_000

    /// What stands after the number.
    private struct Unit {
        var notation: Notation
        var decimalExponent = 0
        var binaryExponent = 0

        init?(_ suffix: Substring) {
            if let index = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].firstIndex(of: suffix) {
                notation = .binary
                binaryExponent = (index + 1) * 10
            } else if let index = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].firstIndex(of: suffix) {
                notation = .decimal
                decimalExponent = index * 3 - 9
            } else if let first = suffix.first, first == "e" || first == "E", let exponent = Int(suffix.dropFirst()) {
                notation = .exponent
                decimalExponent = min(max(exponent, -60), 60)
            } else {
                return nil
            }
        }

        func nanos(_ digits: Int128, scale: Int) -> Int128 {
            var value = digits
            for _ in 0..<binaryExponent / 10 { value = Unit.times(value, 1024) }
            let exponent = decimalExponent - scale + 9
            for _ in 0..<max(exponent, 0) { value = Unit.times(value, 10) }
            guard exponent < 0 else { return value }
            var isInexact = false
            for _ in 0..<(-exponent) {
                isInexact = isInexact || value % 10 != 0
                value /= 10
            }
            return isInexact ? value + 1 : value
        }

        /// Stays below what `Int128` holds; everything up there is the largest quantity.
        private static func times(_ value: Int128, _ factor: Int128) -> Int128 {
            let (product, overflow) = value.multipliedReportingOverflow(by: factor)
            return overflow ? Int128.max / 2048 : product
        }
    }
}
