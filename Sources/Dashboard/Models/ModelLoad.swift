import KubeModel
import Observability

/// What happens at a model at this moment, all its revisions together.
struct ModelLoad: Sendable, Hashable {
    var inFlight = 0
    var waiting = 0
    /// Since Martlet was started.
    var requests = 0
    var tokens = 0

    /// By InferenceService.
    static func now(_ metrics: MetricRegistry) -> [ObjectKey: ModelLoad] {
        var loads: [ObjectKey: ModelLoad] = [:]
        for family in metrics.collect() {
            guard let field = fields[family.name] else { continue }
            for sample in family.samples {
                guard let key = service(sample.labels.pairs) else { continue }
                loads[key, default: ModelLoad()][keyPath: field] += Int(sample.value)
            }
        }
        return loads
    }

    // SAFETY: written once, here, and key paths have no state.
    nonisolated(unsafe) private static let fields: [String: WritableKeyPath<ModelLoad, Int>] = [
        "martlet_requests_in_flight": \.inFlight, "martlet_requests_waiting": \.waiting,
        "martlet_requests_total": \.requests, "martlet_completion_tokens_total": \.tokens,
    ]

    static func service(_ labels: [(name: String, value: String)]) -> ObjectKey? {
        guard let namespace = labels.first(where: { $0.name == "namespace" })?.value,
            let service = labels.first(where: { $0.name == "service" })?.value
        else { return nil }
        return ObjectKey(namespace: namespace, name: service)
    }
}
