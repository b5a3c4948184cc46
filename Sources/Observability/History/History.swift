import Glibc

/// The history that Martlet keeps by itself: what is told it every ten seconds, at three resolutions for up to eight days.
///
/// Memory has only what is not closed yet, compressed; the rest is files, and what was written survives the end of the
/// process at any moment. A query takes the coarsest resolution that is fine enough, and adds what finer ones know of the
/// last minutes.
package actor History: HistorySource {
    private var levels: [HistoryLevel]

    /// - Parameters:
    ///   - directory: made where it is missing.
    ///   - limit: series that are remembered at most; of more, those that came first.
    package init(directory: String, limit: Int = 60_000) {
        mkdir(directory, 0o700)
        levels = HistoryResolution.all.map {
            HistoryLevel($0, directory: "\(directory)/\($0.name)", limit: limit)
        }
    }

    /// Takes what is so now.
    ///
    /// - Parameter seconds: since 1970.
    package func record(_ families: [MetricFamily], _ keep: HistoryKeep, at seconds: Double) {
        let time = Int64(seconds * 1_000)
        guard levels.contains(where: { $0.isDue(at: time) }) else { return }
        let samples = keep.samples(of: families)
        for index in levels.indices where levels[index].isDue(at: time) { levels[index].append(samples, at: time) }
    }

    /// Samples that there was no room for.
    package var dropped: Int { levels.reduce(0) { $0 + $1.dropped } }

    /// Series that grow now, at the finest resolution.
    package var seriesCount: Int { levels.first?.open?.series.count ?? 0 }

    package func series(_ query: HistoryQuery) -> [HistorySeries] {
        let chosen = level(for: query)
        let interval = levels[chosen].resolution.interval
        var evaluation = HistoryEvaluation(query, interval: interval)
        let from = Int64((query.moments.first ?? query.from) * 1_000) - evaluation.lead
        let to = Int64(query.to * 1_000)
        var tracks = TrackReader(query, from: from, to: to)
        // From the coarse to the fine: each adds what came after the last tick of the one before.
        for index in (0...chosen).reversed() { tracks.add(levels[index]) }
        tracks.forEach(patience: interval * 5 / 2) { evaluation.add($0, $1) }
        return evaluation.series
    }

    private func level(for query: HistoryQuery) -> Int {
        let age = Int64((query.to - query.from) * 1_000)
        let step = Int64(query.step * 1_000)
        let covering = levels.indices.filter { levels[$0].resolution.retention >= age && reaches(query.from, $0) }
        return covering.last { levels[$0].resolution.interval * 2 <= step } ?? covering.first ?? levels.count - 1
    }

    /// Whether a level still has what was at a moment.
    private func reaches(_ seconds: Double, _ index: Int) -> Bool {
        guard let latest = levels[0].open?.times.last else { return true }
        return latest - Int64(seconds * 1_000) <= levels[index].resolution.retention
    }
}
