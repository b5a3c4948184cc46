/// Reads the values of `autoscaling.knative.dev/` annotations by their names in kebab-case.
struct AnnotationReader {
    private let annotations: [String: String]

    init(_ annotations: [String: String]) { self.annotations = annotations }

    func text(_ name: String) -> String? { annotations[name] }

    /// Finite; what is not counts as absent.
    func number(_ name: String) -> Double? { text(name).flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil } }

    func count(_ name: String) -> Int? {
        text(name).flatMap(Int.init).flatMap { $0 >= 0 ? $0 : nil }
    }

    func duration(_ name: String) -> Duration? { text(name).flatMap(Duration.init(goText:)) }
}

extension Duration {
    /// A duration as Go writes it: `90s`, `1m30s`, `1.5h`, `250ms`; `0` needs no unit. `nil` for anything else,
    /// and for what is longer than Go can say (292 years).
    package init?(goText text: String) {
        if text == "0" {
            self = .zero
            return
        }
        var rest = Substring(text)
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(digits), let seconds = Self.secondsPerUnit[String(unit)] else { return nil }
            total += value * seconds
        }
        guard total <= 9.2e9 else { return nil }
        self = .seconds(total)
    }

    private static let secondsPerUnit: [String: Double] = [
        "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9,
    ]
}
