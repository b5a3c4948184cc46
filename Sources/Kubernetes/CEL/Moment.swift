/// Times and durations, in nanoseconds.
package enum Moment {
    private static let second: Int64 = 1_000_000_000

    /// Since 1970, from RFC 3339.
    package static func timestamp(_ text: String) throws(CELError) -> Int64 {
        let pattern = /(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?([Zz]|([+-])(\d\d):(\d\d))/
        guard let match = text.wholeMatch(of: pattern), let year = Int64(match.1), let month = Int64(match.2),
            let day = Int64(match.3), let hour = Int64(match.4), let minute = Int64(match.5),
            let seconds = Int64(match.6), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60
        else { throw CELError("\"\(text)\" is no time (RFC 3339)") }
        var zone = (Int64(match.10 ?? "") ?? 0) * 3600 + (Int64(match.11 ?? "") ?? 0) * 60
        if match.9 == "-" { zone = -zone }
        let total = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + seconds - zone
        let digits = (match.7 ?? "").dropFirst()
        let fraction = Int64(digits + String(repeating: "0", count: 9 - digits.count)) ?? 0
        let (scaled, isFar) = total.multipliedReportingOverflow(by: second)
        let (moment, isFarther) = scaled.addingReportingOverflow(fraction)
        guard !isFar, !isFarther else { throw CELError("\"\(text)\" is too far away") }
        return moment
    }

    /// As Go writes them: `1h30m`, `1.5s`, `-2ms`.
    package static func duration(_ text: String) throws(CELError) -> Int64 {
        let failure = CELError("\"\(text)\" is no duration")
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest = rest.dropFirst() }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { throw failure }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let scale = units[String(unit)] else { throw failure }
            total += value * scale
        }
        guard total < 9e18 else { throw failure }
        return Int64(isNegative ? -total : total)
    }

    private static let units: [String: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "ms": 1e6, "s": 1e9, "m": 6e10, "h": 3.6e12,
    ]

    static func text(duration: Int64) -> String {
        let seconds = duration / second
        let rest = abs(duration % second)
        guard rest != 0 else { return "\(seconds)s" }
        var digits = String(String(rest + second).dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(duration < 0 && seconds == 0 ? "-" : "")\(seconds).\(digits)s"
    }

    static func text(timestamp: Int64) -> String {
        let parts = Calendar(timestamp)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.year)-\(two(parts.month))-\(two(parts.day))T\(two(parts.hour)):\(two(parts.minute)):"
            + "\(two(parts.second))Z"
    }

    /// Since 1970, of the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The parts of a time, in UTC.
    struct Calendar {
        let year: Int64
        let month: Int64
        let day: Int64
        let hour: Int64
        let minute: Int64
        let second: Int64
        let days: Int64

        init(_ timestamp: Int64) {
            let seconds = timestamp.floored(by: Moment.second)
            days = seconds.floored(by: 86_400)
            let rest = seconds - days * 86_400
            (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
            let shifted = days + 719_468
            let era = shifted.floored(by: 146_097)
            let ofEra = shifted - era * 146_097
            let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
            let dayOfYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let shiftedMonth = (5 * dayOfYear + 2) / 153
            day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
            month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        }
    }
}

extension Int64 {
    fileprivate func floored(by divisor: Int64) -> Int64 {
        self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
    }
}

/// What can be asked of times; only in UTC.
enum TimeFunctions {
    static func apply(_ name: String, timestamp: Int64, _ rest: [CELValue]) -> CELValue? {
        guard rest.isEmpty || rest == [.string("UTC")] else { return nil }
        let parts = Moment.Calendar(timestamp)
        return switch name {
        case "getFullYear": .int(parts.year)
        case "getMonth": .int(parts.month - 1)
        case "getDate": .int(parts.day)
        case "getDayOfMonth": .int(parts.day - 1)
        case "getDayOfWeek": .int(((parts.days + 4) % 7 + 7) % 7)
        case "getDayOfYear": .int(parts.days - Moment.days(parts.year, 1, 1))
        case "getHours": .int(parts.hour)
        case "getMinutes": .int(parts.minute)
        case "getSeconds": .int(parts.second)
        case "getMilliseconds": .int(timestamp % 1_000_000_000 / 1_000_000)
        default: nil
        }
    }

    static func apply(_ name: String, duration: Int64) -> CELValue? {
        switch name {
        case "getHours": .int(duration / 3_600_000_000_000)
        case "getMinutes": .int(duration / 60_000_000_000)
        case "getSeconds": .int(duration / 1_000_000_000)
        case "getMilliseconds": .int(duration / 1_000_000)
        default: nil
        }
    }
}
