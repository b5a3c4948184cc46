/// Reads single metrics out of Prometheus' text format, version 0.0.4, and OpenMetrics' where the two agree.
package enum PrometheusReader {
    /// The values of the metrics that `names` has, by name: one for each set of labels, in the order they stand. A line that
    /// is no sample is passed over; so is a value that is not finite.
    package static func values(of names: Set<String>, in text: some Collection<UInt8>) -> [String: [Double]] {
        var values: [String: [Double]] = [:]
        for line in text.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            let end = line.firstIndex { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard let end else { continue }
            let name = String(decoding: line[..<end], as: UTF8.self)
            guard names.contains(name), let value = value(line[end...]) else { continue }
            values[name, default: []].append(value)
        }
        return values
    }

    /// What stands after the name: labels in braces, the value, perhaps a time.
    private static func value(_ rest: some Collection<UInt8>) -> Double? {
        guard let start = afterLabels(rest) else { return nil }
        let word = rest[start...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        return Double(String(decoding: word, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
    }

    /// `nil` where the braces do not end. In quotes a brace is one of a label's value.
    private static func afterLabels<Bytes: Collection<UInt8>>(_ rest: Bytes) -> Bytes.Index? {
        guard rest.first == UInt8(ascii: "{") else { return rest.startIndex }
        var (isQuoted, isEscaped) = (false, false)
        for index in rest.indices {
            let byte = rest[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if !isQuoted, byte == UInt8(ascii: "}") {
                return rest.index(after: index)
            }
        }
        return nil
    }
}
