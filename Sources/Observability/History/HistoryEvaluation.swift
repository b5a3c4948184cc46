/// From tracks to an answer: as Prometheus reads gauges, rates and histograms, but for this: a rate is of what was seen, and
/// not stretched to the ends of its window.
struct HistoryEvaluation {
    private typealias Line = [Double?]
    private struct Group {
        var labels: [String: String]
        var line: Line = []
        /// Of a histogram: rates by upper bound.
        var buckets: [Double: Line] = [:]
    }

    private let query: HistoryQuery
    private let moments: [Int64]
    private let window: Int64
    private var groups: [[String: String]: Group] = [:]

    /// - Parameter interval: between two ticks, in milliseconds.
    init(_ query: HistoryQuery, interval: Int64) {
        self.query = query
        moments = query.moments.map { Int64($0 * 1_000) }
        // Two ticks at least, and as one may come late, a little more.
        window = max(Int64(query.step * 1_000), interval * 5 / 2)
    }

    /// How much before the first moment ticks are needed.
    var lead: Int64 { window * 2 }

    mutating func add(_ name: SeriesName, _ track: SeriesTrack) {
        let labels = SeriesName.labels(name.labels).filter { query.by.contains($0.key) }
        var group = groups[labels] ?? Group(labels: labels)
        switch query.reading {
        case .value: Self.add(moments.map { track.value(at: $0, within: window) }, to: &group.line)
        case .rate: Self.add(rates(track), to: &group.line)
        case .quantile:
            guard let bound = name.le else { return }
            Self.add(rates(track), to: &group.buckets[bound, default: []])
        }
        groups[labels] = group
    }

    private func rates(_ track: SeriesTrack) -> Line {
        let growth = track.growth()
        return moments.map { track.rate(at: $0, window: window, growth: growth) }
    }

    /// What is not known adds nothing to what is.
    private static func add(_ line: Line, to sum: inout Line) {
        guard !sum.isEmpty else {
            sum = line
            return
        }
        for index in line.indices {
            if let value = line[index] { sum[index] = (sum[index] ?? 0) + value }
        }
    }

    var series: [HistorySeries] {
        groups.values.map { group in
            let line: Line
            if case .quantile(let share) = query.reading {
                line = quantiles(share, group.buckets)
            } else {
                line = group.line
            }
            return HistorySeries(labels: group.labels, points: zip(moments, line).map { ($0, $1) })
        }
        .filter { $0.points.contains { $0.value != nil } }
        .sorted { Self.order($0.labels) < Self.order($1.labels) }
    }

    private static func order(_ labels: [String: String]) -> String {
        labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    private func quantiles(_ share: Double, _ buckets: [Double: Line]) -> Line {
        let bounds = buckets.keys.sorted()
        return moments.indices.map { moment in
            // Buckets that nothing ever fell into are not remembered: they are as full as the one below.
            var filled = 0.0
            let counts = bounds.map { bound in
                filled = max(filled, buckets[bound]?[moment] ?? 0)
                return filled
            }
            return Self.quantile(share, bounds, counts)
        }
    }

    /// As Prometheus' `histogram_quantile`: linear within a bucket, and of what lies above the last bound, that bound.
    ///
    /// - Parameter counts: cumulative.
    /// - Returns: `nil` where nothing was observed.
    static func quantile(_ share: Double, _ bounds: [Double], _ counts: [Double]) -> Double? {
        guard let total = counts.last, total > 0 else { return nil }
        let rank = min(max(share, 0), 1) * total
        guard let bucket = counts.firstIndex(where: { $0 >= rank && $0 > 0 }) else { return nil }
        guard bounds[bucket].isFinite else { return bounds.last { $0.isFinite } }
        let (below, start) = bucket > 0 ? (counts[bucket - 1], bounds[bucket - 1]) : (0, 0)
        let inside = counts[bucket] - below
        guard inside > 0 else { return bounds[bucket] }
        return start + (bounds[bucket] - start) * (rank - below) / inside
    }
}
