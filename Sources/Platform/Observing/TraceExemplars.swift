import KubeModel
import Observability
import Synchronization

/// The latest traced request of each revision, for the exemplars of its histograms: known from the records of requests, so
/// that the gateway keeps nothing for it.
final class TraceExemplars: Sendable {
    enum Measure: Sendable { case duration, firstToken }

    private struct Latest {
        var duration: MetricFamily.Exemplar?
        var firstToken: MetricFamily.Exemplar?
    }

    private static let most = 10_000
    private let latest = Mutex<[ObjectKey: Latest]>([:])

    func take(_ records: [RequestRecord]) {
        let traced = records.filter { !$0.trace.isEmpty && !$0.revision.isEmpty }
        guard !traced.isEmpty else { return }
        latest.withLock { latest in
            if latest.count > Self.most { latest.removeAll() }
            for record in traced {
                let key = ObjectKey(namespace: record.namespace, name: record.revision)
                let end = (Double(record.began) + record.duration) / 1_000
                func exemplar(_ value: Double) -> MetricFamily.Exemplar {
                    MetricFamily.Exemplar(trace: record.trace, value: value, seconds: end)
                }
                latest[key, default: Latest()].duration = exemplar(record.duration)
                if let first = record.firstToken { latest[key]?.firstToken = exemplar(first) }
            }
        }
    }

    func exemplar(of revision: ObjectKey, _ measure: Measure) -> MetricFamily.Exemplar? {
        latest.withLock { latest in
            measure == .duration ? latest[revision]?.duration : latest[revision]?.firstToken
        }
    }
}
