/// Round numbers for an axis.
enum Scale {
    /// The smallest round number that is not below `value`: 1, 2 or 5 times a power of ten.
    static func ceiling(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 1 }
        var unit = 1.0
        while unit * 10 <= value { unit *= 10 }
        while unit > value { unit /= 10 }
        return [1.0, 2, 5, 10].map { $0 * unit }.first { $0 >= value * 0.999_999 } ?? value
    }

    /// The same; bytes are round where people count them by 1,024.
    static func ceiling(_ value: Double, _ unit: ChartUnit) -> Double {
        guard unit == .bytes else { return ceiling(value) }
        var scale = 1.0
        while value / scale >= 1_024 { scale *= 1_024 }
        return ceiling(value / scale) * scale
    }

    /// A number as people read it: three digits, and a unit for what is large.
    static func text(_ value: Double, _ unit: ChartUnit) -> String {
        switch unit {
        case .bytes: bytes(value)
        case .milliseconds where value >= 1_000: digits(value / 1_000) + " s"
        case .milliseconds: digits(value) + " ms"
        case .percent: digits(value) + " %"
        case .perSecond: digits(value) + " /s"
        case .count: digits(value)
        }
    }

    static func bytes(_ value: Double) -> String {
        var (value, index) = (value, 0)
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        while value >= 1_024, index < units.count - 1 { (value, index) = (value / 1_024, index + 1) }
        return digits(value) + " " + units[index]
    }

    static func digits(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if value >= 1_000_000 { return fixed(value / 1_000_000, 1) + "M" }
        if value >= 10_000 { return fixed(value / 1_000, 1) + "k" }
        if value >= 100 || value == value.rounded() { return "\(Int(value.rounded()))" }
        return fixed(value, value >= 10 ? 1 : 2)
    }

    /// With so many digits behind the point; zeros at the end are left out.
    static func fixed(_ value: Double, _ places: Int) -> String {
        let factor = places == 1 ? 10.0 : places == 2 ? 100.0 : 1
        let scaled = Int((value * factor).rounded())
        guard places > 0 else { return "\(scaled)" }
        let (whole, rest) = (scaled / Int(factor), abs(scaled % Int(factor)))
        guard rest != 0 else { return "\(whole)" }
        var digits = String(rest)
        while digits.count < places { digits = "0" + digits }
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(value < 0 && whole == 0 ? "-" : "")\(whole).\(digits)"
    }
}

/// What the numbers of a chart are.
enum ChartUnit: String, Sendable { case count, perSecond, milliseconds, bytes, percent }
