import JSONModel
import KubeController
import KubeModel
import Observability
import ServingAPI
import Synchronization

/// How long the starts of pods took, by stage: read from what the node writes on each pod that became ready.
final class PodStartMetrics: Sendable {
    private struct State {
        /// What was counted already, by pod.
        var counted: [String: String] = [:]
        var starts = 0
        var seconds: [String: Double] = [:]
    }

    private let state = Mutex(State())

    init(_ pods: Informer) {
        pods.subscribe { [self] change in
            if case .deleted(let pod) = change { forget(pod.key) } else { take(change.object) }
        }
    }

    private func take(_ pod: Object) {
        guard let text = pod.annotations[ServingKeys.startStages],
            let stages = (try? JSONValue(parsing: text))?.objectValue
        else { return }
        state.withLock { state in
            guard state.counted[pod.key.description] != text else { return }
            state.counted[pod.key.description] = text
            state.starts += 1
            for stage in stages { state.seconds[stage.key, default: 0] += (stage.value.doubleValue ?? 0) / 1000 }
        }
    }

    private func forget(_ key: ObjectKey) {
        state.withLock { _ = $0.counted.removeValue(forKey: key.description) }
    }

    func collect() -> [MetricFamily] {
        let (starts, seconds) = state.withLock { ($0.starts, $0.seconds) }
        let stages = seconds.sorted { $0.key < $1.key }
        return [
            MetricFamily(
                "martlet_pod_starts_total", .counter, help: "Starts of model servers that became ready.",
                samples: [.init(Double(starts))]),
            MetricFamily(
                "martlet_cold_start_stage_seconds", .histogram, help: "Seconds that the stages of a start took.",
                samples: stages.flatMap { stage, total in
                    MetricFamily.histogram(
                        bounds: [], counts: [UInt64(starts)], sum: total, labels: [("stage", stage)])
                }),
        ]
    }
}
