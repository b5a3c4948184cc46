/// What a series is called: the metric with what of a histogram it is, and the labels, sorted by name.
///
/// Both are kept as one text each, so that a thousand services share the text of their metrics and the metrics of a service
/// share the text of its labels.
struct SeriesName: Sendable, Hashable {
    /// `martlet_requests_total`; of a bucket the name, a unit separator, and the upper bound.
    var column: String
    /// Name, unit separator, value, record separator; and so on.
    var labels: String

    init(column: String, labels: String) {
        self.column = column
        self.labels = labels
    }

    /// - Parameter le: of a histogram's bucket.
    init(metric: String, labels: [(name: String, value: String)], le: String? = nil) {
        column = le.map { metric + "\u{1F}" + $0 } ?? metric
        self.labels = Self.text(labels)
    }

    static func text(_ labels: [(name: String, value: String)]) -> String {
        labels.sorted { $0.name < $1.name }.map { "\($0.name)\u{1F}\($0.value)\u{1E}" }.joined()
    }

    var metric: String { column.split(separator: "\u{1F}", maxSplits: 1).first.map(String.init) ?? "" }

    var le: Double? {
        let parts = column.split(separator: "\u{1F}", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return parts[1] == "+Inf" ? .infinity : Double(parts[1])
    }

    static func labels(_ text: String) -> [String: String] {
        var labels: [String: String] = [:]
        for pair in text.split(separator: "\u{1E}") {
            let parts = pair.split(separator: "\u{1F}", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { labels[String(parts[0])] = String(parts[1]) }
        }
        return labels
    }
}

/// A number to remember.
struct HistorySample: Sendable {
    var name: SeriesName
    var value: Double
}
