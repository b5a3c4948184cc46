/// Kubernetes' times: RFC 3339 in UTC with whole seconds (`metav1.Time`) or microseconds (`metav1.MicroTime`).
package enum Timestamp {
    /// - Parameter seconds: since 1970.
    package static func string(seconds: Int64) -> String { "\(dateAndTime(seconds))Z" }

    /// - Parameter microseconds: since 1970.
    package static func string(microseconds: Int64) -> String {
        let whole = microseconds / 1_000_000
        let seconds = microseconds % 1_000_000 < 0 ? whole - 1 : whole
        let rest = microseconds - seconds * 1_000_000
        let fraction = String(rest)
        return "\(dateAndTime(seconds)).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)Z"
    }

    /// Seconds since 1970, fractions cut off; `nil` if `text` is no RFC 3339 time.
    package static func seconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":")
        else { return nil }
        func number(_ range: Range<Int>, _ valid: ClosedRange<Int64>) -> Int64? {
            digits(bytes[range]).flatMap { valid.contains($0) ? $0 : nil }
        }
        guard let year = number(0..<4, 0...9999), let month = number(5..<7, 1...12), let day = number(8..<10, 1...31),
            let hour = number(11..<13, 0...23), let minute = number(14..<16, 0...59),
            let second = number(17..<19, 0...60), let offset = zone(String(decoding: bytes[19...], as: UTF8.self)),
            civil(days(year, month, day)).day == day
        else { return nil }
        return days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
    }

    private static func digits(_ bytes: some Collection<UInt8>) -> Int64? {
        guard bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int64(String(decoding: bytes, as: UTF8.self))
    }

    private static func zone(_ text: String) -> Int64? {
        var rest = Substring(text)
        if rest.first == "." {
            let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(1 + fraction.count)
        }
        if rest == "Z" || rest == "z" { return 0 }
        let parts = rest.dropFirst().split(separator: ":")
        guard let sign = rest.first, sign == "+" || sign == "-", parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 }), let hours = digits(parts[0].utf8),
            let minutes = digits(parts[1].utf8), hours < 24, minutes < 60
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }

    private static func dateAndTime(_ seconds: Int64) -> String {
        let day = Int64((Double(seconds) / 86_400).rounded(.down))
        let time = seconds - day * 86_400
        let (year, month, dayOfMonth) = civil(day)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let yearText = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        return
            "\(yearText)-\(two(month))-\(two(dayOfMonth))T\(two(time / 3_600)):\(two(time % 3_600 / 60)):\(two(time % 60))"
    }

    /// Days since 1970 of a date of the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level
    /// date algorithms").
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let mp = (5 * dayOfYear + 2) / 153
        let month = mp < 10 ? mp + 3 : mp - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
    }
}
