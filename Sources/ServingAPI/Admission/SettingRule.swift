import KubeModel

/// What a setting that is given as text may be: an annotation, or a key of a ConfigMap.
enum SettingRule: Sendable {
    /// A whole number that fits into 32 bits.
    case integer(ClosedRange<Int>, String)
    case number(ClosedRange<Double>, String)
    /// -1, or a number of at least 0.
    case numberOrMinusOne(String)
    /// As Go writes it.
    case duration(ClosedRange<Double>, String)
    /// The same, without fractions of a second.
    case wholeSeconds(ClosedRange<Double>, String)
    case word([String])
    case flag
    /// By what requests are known to belong together.
    case session

    /// At least 0, and no more than a replica count can be.
    static let count = SettingRule.integer(0...Int(Int32.max), "must be a whole number of at least 0")

    /// A number of more than `bound`.
    static func above(_ bound: Double, _ why: String) -> SettingRule {
        .number(bound.nextUp...Double.greatestFiniteMagnitude, why)
    }

    static func atLeast(_ bound: Double, _ why: String) -> SettingRule {
        .number(bound...Double.greatestFiniteMagnitude, why)
    }

    /// What is wrong with `value`; `nil` where nothing is.
    func problem(_ value: String, at field: FieldPath) -> Status.Cause? {
        switch self {
        case .word(let words):
            return words.contains(value) ? nil : .notSupported(field, value.quoted, supported: words)
        case .session:
            return Self.isSession(value)
                ? nil : .invalid(field, value.quoted, "must be header=<name>, cookie=<name> or client-ip")
        case .flag:
            return Bool(value.lowercased()) == nil ? .notSupported(field, value.quoted, supported: Self.flags) : nil
        case .integer(let range, let why):
            return Int(value).map(range.contains) ?? false ? nil : .invalid(field, value.quoted, why)
        case .number(let range, let why):
            return Double(value).map(range.contains) ?? false ? nil : .invalid(field, value.quoted, why)
        case .numberOrMinusOne(let why):
            let fits = Double(value).map { $0.isFinite && ($0 == -1 || $0 >= 0) } ?? false
            return fits ? nil : .invalid(field, value.quoted, why)
        case .duration(let range, let why):
            return GoDuration.seconds(value).map(range.contains) ?? false
                ? nil : .invalid(field, value.quoted, "\(why), as in 60s or 1m30s")
        case .wholeSeconds(let range, let why):
            let fits = GoDuration.seconds(value).map { range.contains($0) && $0.rounded() == $0 } ?? false
            return fits ? nil : .invalid(field, value.quoted, "\(why), in whole seconds, as in 60s or 1m30s")
        }
    }

    private static func isSession(_ value: String) -> Bool {
        let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return value == "client-ip" }
        let isName = parts[1].utf8.allSatisfy { byte in
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        return ["header", "cookie"].contains(parts[0]) && !parts[1].isEmpty && isName
    }

    private static let flags = ["true", "false"]
}
