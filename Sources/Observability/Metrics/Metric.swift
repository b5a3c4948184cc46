/// Numbers of one name, as a scrape shows them.
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable { case counter, gauge, histogram, summary, untyped }

    package struct Sample: Sendable {
        /// Appended to the family's name: `_bucket`, `_sum`, `_count`, or nothing.
        package var suffix: String
        package var labels: MetricLabels
        /// One label more: `le` of a bucket, say.
        package var extra: (name: String, value: String)?
        package var value: Double
        /// A request that was counted here.
        package var exemplar: Exemplar?

        package init(
            _ value: Double, labels: MetricLabels, extra: (name: String, value: String)? = nil, suffix: String = ""
        ) {
            self.suffix = suffix
            self.labels = labels
            self.extra = extra
            self.value = value
        }

        package init(_ value: Double, labels: [(name: String, value: String)] = [], suffix: String = "") {
            self.init(value, labels: labels.isEmpty ? .none : MetricLabels(labels), suffix: suffix)
        }
    }

    /// A single observation with its trace.
    package final class Exemplar: Sendable {
        /// 32 hexadecimal digits.
        let trace: String
        let value: Double
        /// Since 1970.
        let seconds: Double

        package init(trace: String, value: Double, seconds: Double) {
            (self.trace, self.value, self.seconds) = (trace, value, seconds)
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

/// The upper bounds of a histogram's buckets, with the texts that a scrape shows of them.
package struct BucketBounds: Sendable {
    let texts: [String]
    package let bounds: [Double]

    /// - Parameter bounds: ascending, without +Inf.
    package init(_ bounds: [Double]) {
        self.bounds = bounds
        texts = bounds.map(PrometheusText.number) + ["+Inf"]
    }
}

extension MetricFamily {
    /// The samples of a histogram: cumulative buckets, sum and count.
    ///
    /// - Parameters:
    ///   - counts: observations in each bucket (not cumulative); one more than there are bounds.
    ///   - exemplar: put beside the bucket that it fell into.
    package static func histogram(
        _ bounds: BucketBounds, counts: [Int], sum: Double, labels: MetricLabels, exemplar: Exemplar? = nil
    ) -> [Sample] {
        var samples: [Sample] = []
        samples.reserveCapacity(counts.count + 2)
        let marked = exemplar.map { mark in bounds.bounds.firstIndex { mark.value <= $0 } ?? bounds.bounds.count }
        var total = 0
        for (index, count) in counts.enumerated() {
            total += count
            var sample = Sample(
                Double(total), labels: labels, extra: ("le", bounds.texts[min(index, bounds.texts.count - 1)]),
                suffix: "_bucket")
            if index == marked { sample.exemplar = exemplar }
            samples.append(sample)
        }
        samples.append(Sample(sum, labels: labels, suffix: "_sum"))
        samples.append(Sample(Double(total), labels: labels, suffix: "_count"))
        return samples
    }

    /// The same, with bounds that are not kept.
    package static func histogram(
        bounds: [Double], counts: [UInt64], sum: Double, labels: [(name: String, value: String)]
    ) -> [Sample] {
        histogram(BucketBounds(bounds), counts: counts.map(Int.init), sum: sum, labels: MetricLabels(labels))
    }
}
