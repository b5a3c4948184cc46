import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// InferenceGraph: whether what its steps ask is there, and the gateway serves it. Nothing is made for it: its router is a
/// part of Martlet.
struct InferenceGraphReconciler: Reconciler {
    struct Observation: Sendable {
        var graph: Object
        /// The InferenceServices that its steps name, as far as they are there.
        var services: [String: Object]
        var hosts = HostNames()
        /// Whether the gateway sends what comes for its host to its router.
        var isServed: Bool
        /// Whether the gateway sends what comes for the host anywhere.
        var isTaken: Bool
    }

    static let resource = Resource.inferenceGraphs
    static let fieldManager = "martlet-inferencegraph"
    let bench: Workbench
    let settings: ServingSettings
    let probe: any RouteProbe

    func observe(_ graph: Object) -> Observation {
        let hosts = bench.hosts(settings)
        let host = hosts.host(ofInferenceService: graph)
        let named = InferenceGraph(graph).serviceNames.compactMap { name in
            bench.store(.inferenceServices)[graph.sibling(name)].map { (name, $0) }
        }
        return Observation(
            graph: graph, services: Dictionary(named) { $1 }, hosts: hosts,
            isServed: probe.serves(
                host: host, namespace: graph.namespace ?? "", revision: InferenceGraph(graph).revisionName),
            isTaken: probe.leads(host: host, to: host))
    }

    func plan(_ observation: Observation) -> Plan { InferenceGraphPlanner.plan(observation) }
}
