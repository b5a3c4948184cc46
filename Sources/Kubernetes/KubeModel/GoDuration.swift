/// Durations as Go writes them, which is how Knative's annotations do.
package enum GoDuration {
    private static let units: [String: Double] = [
        "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3_600,
    ]

    /// No more than Go can say: 292 years.
    private static let largest = 9.2e9

    /// The seconds of `90s`, `1m30s`, `1.5h`, `-2s`, `0`; `nil` for anything else, and for what is longer than 292 years.
    package static func seconds(_ text: String) -> Double? {
        var rest = Substring(text)
        let sign: Double = rest.first == "-" ? -1 : 1
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let seconds = units[String(unit)] else { return nil }
            total += value * seconds
        }
        return total <= largest ? sign * total : nil
    }
}

extension Duration {
    /// A duration that is not negative, as Go writes it; `nil` for anything else.
    package init?(goText text: String) {
        guard let seconds = GoDuration.seconds(text), seconds >= 0 else { return nil }
        self = .seconds(seconds)
    }
}
