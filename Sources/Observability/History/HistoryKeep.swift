/// What of all metrics is remembered: families by name, each with the labels that are kept. Series that differ only in
/// others are summed.
package struct HistoryKeep: Sendable {
    private let labels: [String: [String]]

    package init(_ labels: [String: [String]]) { self.labels = labels }

    func samples(of families: [MetricFamily]) -> [HistorySample] {
        var samples: [HistorySample] = []
        for family in families {
            guard let kept = labels[family.name] else { continue }
            samples += Self.samples(of: family, kept)
        }
        return samples
    }

    private static func samples(of family: MetricFamily, _ kept: [String]) -> [HistorySample] {
        var values: [SeriesName: Double] = [:]
        var order: [SeriesName] = []
        for sample in family.samples {
            // Most buckets of most histograms stay empty; a quantile is found without them.
            if sample.suffix == "_bucket", sample.value == 0 { continue }
            let all = sample.labels.pairs + (sample.extra.map { [$0] } ?? [])
            let name = SeriesName(
                metric: family.name + sample.suffix, labels: all.filter { kept.contains($0.name) },
                le: sample.suffix == "_bucket" ? sample.extra?.value : nil)
            if values[name] == nil { order.append(name) }
            values[name, default: 0] += sample.value
        }
        return order.map { HistorySample(name: $0, value: values[$0] ?? 0) }
    }
}
