import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// A route of the Gateway API, and what there is of the backends that it names.
struct GatewayRouteObservation: Sendable {
    var route: Object
    var backends: [BackendState]

    init(_ route: Object, _ bench: Workbench) {
        self.route = route
        let grants = bench.store(.referenceGrants).all
        backends = GatewayRoute(route).backends.map { BackendState($0, bench, grants) }
    }
}

/// HTTPRoute: its status says whether the gateway takes it and can send to its backends. What it does is in the gateway.
struct HTTPRouteReconciler: Reconciler {
    static let resource = Resource.httpRoutes
    static let fieldManager = "martlet-httproute"
    let bench: Workbench

    func observe(_ route: Object) -> GatewayRouteObservation { GatewayRouteObservation(route, bench) }
    func plan(_ observation: GatewayRouteObservation) -> Plan {
        GatewayRoutePlanner.plan(observation, now: bench.time.timestamp)
    }
}

/// GRPCRoute: the same.
struct GRPCRouteReconciler: Reconciler {
    static let resource = Resource.grpcRoutes
    static let fieldManager = "martlet-grpcroute"
    let bench: Workbench

    func observe(_ route: Object) -> GatewayRouteObservation { GatewayRouteObservation(route, bench) }
    func plan(_ observation: GatewayRouteObservation) -> Plan {
        GatewayRoutePlanner.plan(observation, now: bench.time.timestamp)
    }
}

/// Whether requests can be sent to what a route names.
enum BackendState: Sendable, Hashable {
    case found
    /// It is no Service.
    case ofWrongKind(String)
    case missing(ObjectKey)
    case notPermitted(ObjectKey)

    /// Where a backend's name is looked for: a Knative Service's and an InferenceService's stand for a Service's.
    static let resources: [Resource] = [.services, .routes, .inferenceServices]

    init(_ backend: BackendReference, _ bench: Workbench, _ grants: [Object]) {
        if !backend.isService {
            self = .ofWrongKind(backend.kind)
        } else if !backend.isPermitted(by: grants) {
            self = .notPermitted(backend.key)
        } else {
            let exists = Self.resources.contains { bench.store($0)[backend.key] != nil }
            self = exists ? .found : .missing(backend.key)
        }
    }
}
