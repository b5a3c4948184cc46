import JSONModel
import KubeModel
import Observability

/// What pods ask for and how they are, under kube-state-metrics' names.
enum PodStateMetrics {
    static func collect(_ pods: [Object]) -> [MetricFamily] {
        let sorted = pods.sorted { $0.key < $1.key }
        return [
            bounds("kube_pod_resource_limit", "limits", "What a pod may use.", sorted),
            bounds("kube_pod_resource_request", "requests", "What a pod is sure to have.", sorted),
            MetricFamily(
                "kube_pod_status_phase", .gauge, help: "1 for the phase that a pod is in.",
                samples: sorted.map { pod in
                    .init(1, labels: labels(pod) + [("phase", pod["status", "phase"]?.stringValue ?? "Unknown")])
                }),
            MetricFamily(
                "kube_pod_status_ready", .gauge, help: "1 where a pod is ready.",
                samples: sorted.map { pod in
                    let isReady = pod.condition("Ready")?.isTrue == true
                    return .init(isReady ? 1 : 0, labels: labels(pod) + [("condition", "true")])
                }),
            MetricFamily(
                "kube_pod_container_status_restarts_total", .counter, help: "Times that a container was started again.",
                samples: sorted.flatMap { pod in
                    (pod.json[path: "status", "containerStatuses"]?.arrayValue ?? []).map { container in
                        .init(
                            container["restartCount"]?.doubleValue ?? 0,
                            labels: labels(pod) + [("container", container["name"]?.stringValue ?? "")])
                    }
                }),
        ]
    }

    private static func labels(_ pod: Object) -> [(name: String, value: String)] {
        [("namespace", pod.namespace ?? ""), ("pod", pod.name)]
    }

    private static func bounds(_ name: String, _ field: String, _ help: String, _ pods: [Object]) -> MetricFamily {
        let units = [("cpu", "cores"), ("memory", "bytes")]
        return MetricFamily(
            name, .gauge, help: help,
            samples: pods.flatMap { pod in
                units.compactMap { resource, unit in
                    sum(pod, field, resource).map {
                        .init($0, labels: labels(pod) + [("resource", resource), ("unit", unit)])
                    }
                }
            })
    }

    /// - Returns: `nil` where no container says anything.
    private static func sum(_ pod: Object, _ field: String, _ resource: String) -> Double? {
        let amounts = (pod.json[path: "spec", "containers"]?.arrayValue ?? []).compactMap { container in
            container["resources"]?[field]?[resource].flatMap { Quantity($0) }.map(\.double)
        }
        return amounts.isEmpty ? nil : amounts.reduce(0, +)
    }
}
