import KubeModel
import Observability

/// What was measured of models before, where it is kept.
struct ModelHistory: Sendable {
    let source: (any HistorySource)?
    /// Seconds since 1970.
    let now: Int64

    /// Requests and tokens of each model in the last half hour.
    func sparklines() async -> [ObjectKey: Sparks] {
        var sparks: [ObjectKey: Sparks] = [:]
        for series in await rates("martlet_requests_total", points: 40) {
            guard let key = Self.key(series) else { continue }
            sparks[key, default: Sparks()].requests = series.points.map(\.value)
        }
        for series in await rates("martlet_completion_tokens_total", points: 40) {
            guard let key = Self.key(series) else { continue }
            sparks[key, default: Sparks()].tokensNow = series.points.last?.value
        }
        return sparks
    }

    private func rates(_ metric: String, points: Int) async -> [HistorySeries] {
        let to = Double(now)
        let query = HistoryQuery(
            metric, from: to - 1_800, to: to, points: points, reading: .rate, by: ["namespace", "service"])
        return (try? await source?.series(query)) ?? []
    }

    private static func key(_ series: HistorySeries) -> ObjectKey? {
        ModelLoad.service(series.labels.map { ($0.key, $0.value) })
    }
}

struct Sparks: Sendable {
    var requests: [Double?] = []
    var tokensNow: Double?
}

extension PageContext {
    var history: ModelHistory { ModelHistory(source: site.history, now: now) }
}
