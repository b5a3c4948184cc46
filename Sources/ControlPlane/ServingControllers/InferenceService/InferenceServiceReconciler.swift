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
        /// The transformer and the explainer, in Knative mode.
        var sides: [SideComponent] = []
        /// Knative Services that it controls and no longer wants.
        var orphans: [Plan.Manifest] = []
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
        let knativeService = bench.store(.knativeServices)[service.sibling(InferenceService(service).componentName)]
        let namespace = service.namespace ?? ""
        let hosts = bench.hosts(settings)
        let host = hosts.host(ofInferenceService: service)
        let rendering = rendering(of: service, hosts).holding(knativeService, for: service)
        let sides = rendering.isKnative ? sides(of: service, hosts) : []
        let parts = rendering.isKnative ? [InferenceService(service)] + InferenceService(service).sides : []
        let wanted = Set(parts.map(\.componentName))
        return Observation(
            service: service, rendering: rendering, knativeService: knativeService,
            pods: pods(of: knativeService), sides: sides, orphans: orphans(of: service, besides: wanted), hosts: hosts,
            serves: { [probe] in probe.serves(host: host, namespace: namespace, revision: $0) })
    }

    /// The pods of its newest revision.
    private func pods(of knativeService: Object?) -> [Object] {
        guard let revision = knativeService?["status", "latestCreatedRevisionName"]?.stringValue else { return [] }
        return bench.store(.pods).labelled(ServingKeys.revision, revision)
            .filter { $0.namespace == knativeService?.namespace }
    }

    /// One that nothing can be made of is left as it is; admission has told why.
    private func sides(of service: Object, _ hosts: HostNames) -> [SideComponent] {
        let allowsZero = bench.autoscalerConfiguration.allowsZeroInitialScale
        return InferenceService(service).sides.compactMap { side in
            let rendered = try? KnativeServiceTemplate.make(
                side, runtime: nil, hosts: hosts, allowsZeroInitialScale: allowsZero)
            guard let rendered else { return nil }
            let current = bench.store(.knativeServices)[service.sibling(side.componentName)]
            return SideComponent(role: side.role, rendered: rendered, knativeService: current, pods: pods(of: current))
        }
    }

    private func orphans(of service: Object, besides wanted: Set<String>) -> [Plan.Manifest] {
        bench.store(.knativeServices).owned(by: service.uid)
            .filter { !$0.isBeingDeleted && !wanted.contains($0.name) }.map { Plan.Manifest(.knativeServices, $0) }
    }

    private func rendering(of service: Object, _ hosts: HostNames) -> PredictorRendering {
        let runtimes = bench.store(.servingRuntimes).all(in: service.namespace)
        let all = (runtimes + bench.store(.clusterServingRuntimes).all).map(ServingRuntime.init)
        let service = InferenceService(service)
        guard service.deploymentMode == .knative else {
            return PredictorRendering(
                standard: StandardObserver(bench: bench, service: service, runtimes: all, hosts: hosts))
        }
        let allowsZero = bench.autoscalerConfiguration.allowsZeroInitialScale
        return PredictorRendering(service, among: all, allowsZeroInitialScale: allowsZero)
    }

    func plan(_ observation: Observation) -> Plan {
        InferenceServicePlanner.plan(observation, now: bench.time.timestamp)
    }
}
