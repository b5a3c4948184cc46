import JSONModel
import KubeModel
import ServingAPI

/// A component of a service in Standard mode, and what there is of it.
struct StandardComponent: Sendable, Hashable {
    let predictor: StandardPredictor
    /// As it is; `nil` where there is none yet.
    let deployment: Object?
    /// The PodAutoscaler.
    let autoscaler: Object?
    /// The HorizontalPodAutoscaler.
    let horizontal: Object?
    /// Those that are going included.
    let pods: [Object]

    var name: String { predictor.name }

    /// Whether it can take requests now, or will be woken by them: it has been ready, and nothing keeps it from being so
    /// again.
    var isReady: Bool {
        guard let deployment else { return false }
        if readyReplicas > 0, deployment.condition("Available")?.isTrue == true { return true }
        guard let autoscaler else { return false }
        let isStuck = deployment.condition("Progressing")?.isFalse == true || failure != nil
        return autoscaler.condition("ScaleTargetInitialized")?.isTrue == true && !isStuck
    }

    /// Whether all its pods are of the newest template, and ready.
    var isUpToDate: Bool {
        deployment?.isObserved == true && isReady
            && deployment?.condition("Progressing")?.reason == "NewReplicaSetAvailable"
    }

    var failure: PodFailure? { pods.lazy.filter { !$0.isBeingDeleted }.compactMap { PodState($0).failure }.first }
    var readyReplicas: Int { deployment?["status", "readyReplicas"]?.intValue ?? 0 }
}

/// A canary and its share.
struct StandardCanary: Sendable, Hashable {
    let name: String
    let percent: Int
    /// What is wanted of it.
    let replicas: Int
    let component: StandardComponent
}

/// A transformer or an explainer.
struct StandardSide: Sendable, Hashable {
    /// The service, which speaks of this component.
    let service: InferenceService
    let component: StandardComponent

    var role: ComponentRole { service.role }
}

/// All that there is of a service in Standard mode.
struct StandardChildren: Sendable, Hashable {
    let stable: StandardComponent
    let canaries: [StandardCanary]
    let sides: [StandardSide]
    /// What the service controls and no longer wants: canaries that were taken away, and the predictor that another one
    /// took the place of.
    let orphans: [Plan.Manifest]
    /// The service's HTTPRoutes.
    let routes: [Object]
    /// That of its own name; `nil` where there is none yet.
    var route: Object? { routes.first { $0.name == service } }
    private let service: String

    init(
        service: String, stable: StandardComponent, canaries: [StandardCanary], sides: [StandardSide] = [],
        orphans: [Plan.Manifest], routes: [Object]
    ) {
        self.service = service
        self.stable = stable
        self.canaries = canaries
        self.sides = sides
        self.orphans = orphans
        self.routes = routes
    }

    var components: [StandardComponent] { [stable] + canaries.map(\.component) }

    /// Who gets which share of the requests: canaries that are ready theirs, the stable predictor the rest. Until a
    /// predictor that is to take another's place is ready, the other one keeps it.
    var backends: [StandardRoute.Backend] {
        let ready = canaries.filter { $0.component.isReady && $0.percent > 0 }
        let rest = max(0, 100 - ready.reduce(0) { $0 + $1.percent })
        let main = stable.isReady ? stable.name : predecessor ?? stable.name
        return [StandardRoute.Backend(name: main, weight: rest)]
            + ready.map { StandardRoute.Backend(name: $0.component.name, weight: $0.percent) }
    }

    func side(_ role: ComponentRole) -> StandardComponent? { sides.first { $0.role == role }?.component }

    /// Who takes the service's requests: the transformer, where there is one.
    var entrance: [StandardRoute.Backend] {
        side(.transformer).map { [StandardRoute.Backend(name: $0.name, weight: 100)] } ?? backends
    }

    private var predecessor: String? {
        orphans.first { $0.resource == .deployments && ($0.object["status", "readyReplicas"]?.intValue ?? 0) > 0 }?
            .object.name
    }

    /// What the stable predictor has at least: canaries that are ready stand in for it, but one stays.
    func least(_ wanted: Int) -> Int {
        let elsewhere = canaries.filter(\.component.isReady).reduce(0) { $0 + $1.component.readyReplicas }
        return wanted == 0 ? 0 : max(1, wanted - elsewhere)
    }
}
