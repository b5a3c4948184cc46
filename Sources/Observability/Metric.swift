/// Numbers of one name, as a scrape shows them.
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package struct Sample: Sendable {
        /// Appended to the family's name: `_bucket`, `_sum`, `_count`, or nothing.
        package var suffix: String
        package var labels: [(name: String, value: String)]
        package var value: Double

        package init(_ value: Double, labels: [(name: String, value: String)] = [], suffix: String = "") {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    package var name: String
    package var help: String
    package var kind: Kind
    package var samples: [Sample]

    package init(_ name: String, _ kind: Kind, help: String, samples: [Sample]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }
}

extension MetricFamily {
    /// The samples of a histogram: cumulative buckets, sum and count.
    ///
    /// - Parameters:
    ///   - bounds: upper bounds, ascending, without +Inf.
    ///   - counts: observations in each bucket (not cumulative); one more than there are bounds.
    package static func histogram(
        bounds: [Double], counts: [UInt64], sum: Double, labels: [(name: String, value: String)]
    ) -> [Sample] {
        var samples: [Sample] = []
        var total: UInt64 = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
            samples.append(Sample(Double(total), labels: labels + [("le", bound)], suffix: "_bucket"))
        }
        samples.append(Sample(sum, labels: labels, suffix: "_sum"))
        samples.append(Sample(Double(total), labels: labels, suffix: "_count"))
        return samples
    }
}
