import KubeController
import KubeModel
import ServingAPI

/// Looks up what there is of a service in Standard mode.
struct StandardObserver {
    let bench: Workbench
    let service: InferenceService
    let runtimes: [ServingRuntime]
    let hosts: HostNames

    /// What a service in Standard mode may control.
    static let resources: [Resource] = [
        .deployments, .services, .horizontalPodAutoscalers, .podAutoscalers, .httpRoutes,
    ]

    func observe() throws(StandardPredictorFailure) -> StandardChildren {
        let stable = component(try StandardPredictor(service, among: runtimes))
        var canaries: [StandardCanary] = []
        for canary in service.canaries {
            let predictor = try StandardPredictor(service.promoting(canary), among: runtimes)
            canaries.append(
                StandardCanary(
                    name: canary.name, percent: canary.trafficPercent,
                    replicas: canary.replicas(besides: service.predictor), component: component(predictor)))
        }
        var sides: [StandardSide] = []
        for side in service.sides {
            let made = try StandardPredictor(side, among: [], hosts: hosts)
            sides.append(StandardSide(service: side, component: component(made)))
        }
        let wanted = Set([stable.name] + canaries.map(\.component.name) + sides.map(\.component.name))
        let orphans = Self.resources.filter { $0 != .httpRoutes }.flatMap { resource in
            owned(resource).filter { !wanted.contains($0.object.name) }
        }
        return StandardChildren(
            service: service.name, stable: stable, canaries: canaries, sides: sides, orphans: orphans,
            routes: owned(.httpRoutes).map(\.object))
    }

    /// Everything that the service controls.
    func everything() -> [Plan.Manifest] { Self.resources.flatMap(owned) }

    private func owned(_ resource: Resource) -> [Plan.Manifest] {
        bench.store(resource).owned(by: service.object.uid).filter { !$0.isBeingDeleted }
            .map { Plan.Manifest(resource, $0) }
    }

    private func component(_ predictor: StandardPredictor) -> StandardComponent {
        let key = service.object.sibling(predictor.name)
        func held(_ resource: Resource) -> Object? {
            bench.store(resource)[key].flatMap { $0.isBeingDeleted ? nil : $0 }
        }
        return StandardComponent(
            predictor: predictor, deployment: held(.deployments), autoscaler: held(.podAutoscalers),
            horizontal: held(.horizontalPodAutoscalers),
            pods: bench.store(.pods).labelled(ServingKeys.revision, predictor.name)
                .filter { $0.namespace == service.object.namespace })
    }
}
