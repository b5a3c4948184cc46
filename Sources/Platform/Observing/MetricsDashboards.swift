import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import Observability
import ServingAPI
import Synchronization

/// Keeps a ConfigMap `<service>-metrics-dashboard` beside each InferenceService, as OpenShift AI does.
final class MetricsDashboards: Sendable {
    private let informers: Informers
    private let client: any ResourceClient
    /// What was written of each service, so that a change of its status costs no write.
    private let written = Mutex<[ObjectKey: JSONValue]>([:])

    init(informers: Informers, client: any ResourceClient) {
        self.informers = informers
        self.client = client
        _ = informers.informer(.inferenceServices)
        _ = informers.informer(.pods)
    }

    func controller(logger: Logger) -> Controller {
        let controller = Controller("metrics-dashboards", logger: logger) { try await self.reconcile($0) }
        controller.watch(informers.informer(.inferenceServices))
        return controller
    }

    private func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let service = informers.store(.inferenceServices)[key], !service.isBeingDeleted else {
            written.withLock { $0[key] = nil }
            return .done
        }
        guard let runtime = runtime(of: service) else { return .done }
        let dashboard = MetricsDashboard(namespace: key.namespace ?? "", name: key.name, runtime: runtime)
        var map = Object(
            .configMaps, namespace: key.namespace, name: key.name + "-metrics-dashboard", ["data": dashboard.data])
        map.ownerReferences = [OwnerReference(controller: service)]
        let told: JSONValue = [.string(service.uid), dashboard.data]
        guard written.withLock({ $0[key] != told }) else { return .done }
        try await client.apply(.configMaps, map, by: "martlet-metrics")
        written.withLock { $0[key] = told }
        return .done
    }

    /// As its pods say, whose annotations come from the runtime; `nil` until there was one.
    private func runtime(of service: Object) -> MetricsDashboard.Runtime? {
        let pods = informers.store(.pods).all(in: service.namespace).filter {
            $0.labels[ServingKeys.inferenceService] == service.name
        }
        guard let pod = pods.max(by: { ($0.creationTimestamp ?? "") < ($1.creationTimestamp ?? "") }) else {
            return nil
        }
        let image = pod.json[path: "spec", "containers"]?[0]?["image"]?.stringValue ?? ""
        return MetricsDashboard.Runtime(annotation: pod.annotations["opendatahub.io/kserve-runtime"], image: image)
    }
}
