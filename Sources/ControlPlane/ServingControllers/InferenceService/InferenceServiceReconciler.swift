import Autoscaling
import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// InferenceService -> Knative Service `<name>-predictor`, or in Standard mode Deployments and HTTPRoutes; its
/// status tells how the model is, from the pods' own words.
struct InferenceServiceReconciler: Reconciler {
    struct Observation: Sendable {
        var service: Object
        var rendering: PredictorRendering
        var knativeService: Object?
        /// The pods of the newest revision.
        var pods: [Object]
        var hosts = HostNames()
        /// Whether the gateway sends what comes for the service's host to a revision.
        var serves: @Sendable (_ revision: String) -> Bool
    }

    static let resource = Resource.inferenceServices
    static let fieldManager = "martlet-inferenceservice"
    let bench: Workbench
    let settings: ServingSettings
    let probe: any RouteProbe

    func observe(_ service: Object) -> Observation {
        let name = InferenceService(service).predictorServiceName
        let knativeService = bench.store(.knativeServices)[service.sibling(name)]
        let revision = knativeService?["status", "latestCreatedRevisionName"]?.stringValue
        let pods = revision.map { bench.store(.pods).labelled(ServingKeys.revision, $0) } ?? []
        let namespace = service.namespace ?? ""
        let hosts = bench.hosts(settings)
        let host = hosts.host(ofInferenceService: service)
        return Observation(
            service: service, rendering: rendering(of: service).holding(knativeService, for: service),
            knativeService: knativeService, pods: pods.filter { $0.namespace == service.namespace }, hosts: hosts,
            serves: { [probe] in probe.serves(host: host, namespace: namespace, revision: $0) })
    }

    private func rendering(of service: Object) -> PredictorRendering {
        let runtimes = bench.store(.servingRuntimes).all(in: service.namespace)
        let all = (runtimes + bench.store(.clusterServingRuntimes).all).map(ServingRuntime.init)
        let service = InferenceService(service)
        guard service.deploymentMode == .knative else {
            return PredictorRendering(standard: StandardObserver(bench: bench, service: service, runtimes: all))
        }
        let allowsZero = bench.autoscalerConfiguration.allowsZeroInitialScale
        return PredictorRendering(service, among: all, allowsZeroInitialScale: allowsZero)
    }

    func plan(_ observation: Observation) -> Plan {
        InferenceServicePlanner.plan(observation, now: bench.time.timestamp)
    }
}
