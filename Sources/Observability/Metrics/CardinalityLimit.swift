/// Keeps a scrape bounded, whatever makes series: of a family that has too many sets of labels, those beyond are summed into
/// one, whose labels are all `other`.
struct CardinalityLimit {
    let limit: Int
    /// Sets of labels that were folded.
    private(set) var folded = 0

    init(_ limit: Int) { self.limit = limit }

    mutating func apply(to family: inout MetricFamily) {
        // Most families are far below, and not looked at.
        guard family.samples.count > limit else { return }
        var (known, beyond): (Set<[UInt8]>, Set<[UInt8]>) = ([], [])
        var (kept, sums, order): ([MetricFamily.Sample], [String: MetricFamily.Sample], [String]) = ([], [:], [])
        for sample in family.samples {
            if known.contains(sample.labels.text) || known.count < limit {
                known.insert(sample.labels.text)
                kept.append(sample)
                continue
            }
            beyond.insert(sample.labels.text)
            let key = "\(sample.suffix) \(sample.extra?.value ?? "")"
            if sums[key] == nil { order.append(key) }
            let value = (sums[key]?.value ?? 0) + sample.value
            let labels = sums[key]?.labels ?? MetricLabels(sample.labels.pairs.map { ($0.name, "other") })
            sums[key] = MetricFamily.Sample(value, labels: labels, extra: sample.extra, suffix: sample.suffix)
        }
        folded += beyond.count
        family.samples = kept + order.compactMap { sums[$0] }
    }
}
