import KubeController
import KubeModel
import ServingAPI

/// Knative Service -> Configuration and Route of the same name.
struct KnativeServiceReconciler: Reconciler {
    struct Observation: Sendable {
        var service: Object
        var configuration: Object?
        var route: Object?
    }

    static let resource = Resource.knativeServices
    static let fieldManager = "martlet-service"
    let bench: Workbench

    func observe(_ service: Object) -> Observation {
        Observation(
            service: service, configuration: bench.store(.configurations)[service.key],
            route: bench.store(.routes)[service.key])
    }

    func plan(_ observation: Observation) -> Plan { KnativeServicePlanner.plan(observation) }
}
