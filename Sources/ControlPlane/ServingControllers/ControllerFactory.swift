import KubeController
import KubeModel
import Logging
import ServingAPI

/// Which changes of which objects make which reconciler look.
struct ControllerFactory {
    let bench: Workbench
    let informers: Informers
    let time: any TimeSource
    let random: Randomness
    let logger: Logger

    func inferenceServices(
        _ settings: ServingSettings, _ probe: any RouteProbe
    ) -> Controller {
        let controller = controller(
            "inferenceservice",
            InferenceServiceReconciler(bench: bench, settings: settings, probe: probe))
        watchChildren(controller, .knativeServices, of: .inferenceServices)
        for child in StandardObserver.resources { watchChildren(controller, child, of: .inferenceServices) }
        controller.watch(informers.informer(.pods)) { change in Self.owner(of: change, ServingKeys.inferenceService) }
        let services = informers.store(.inferenceServices)
        controller.watch(informers.informer(.servingRuntimes)) { change in
            services.all(in: change.object.namespace).map(\.key)
        }
        controller.watch(informers.informer(.clusterServingRuntimes)) { _ in services.all.map(\.key) }
        watchSettings(controller, InferenceServiceSettings.keys + NetworkSettings.keys, of: .inferenceServices)
        return controller
    }

    func inferenceGraphs(_ settings: ServingSettings, _ probe: any RouteProbe) -> Controller {
        let controller = controller(
            "inferencegraph", InferenceGraphReconciler(bench: bench, settings: settings, probe: probe))
        let graphs = informers.store(.inferenceGraphs)
        controller.watch(informers.informer(.inferenceServices)) { change in
            graphs.all(in: change.object.namespace).filter {
                InferenceGraph($0).serviceNames.contains(change.object.name)
            }.map(\.key)
        }
        watchSettings(controller, InferenceServiceSettings.keys + NetworkSettings.keys, of: .inferenceGraphs)
        return controller
    }

    func knativeServices() -> Controller {
        let controller = controller("service", KnativeServiceReconciler(bench: bench))
        watchChildren(controller, .configurations, of: .knativeServices)
        watchChildren(controller, .routes, of: .knativeServices)
        return controller
    }

    func configurations() -> Controller {
        let controller = controller("configuration", ConfigurationReconciler(bench: bench))
        watchChildren(controller, .revisions, of: .configurations)
        return controller
    }

    /// Beside its own controller, a configuration has one that deletes its old revisions.
    func collector() -> Controller {
        let controller = controller("revision-collector", RevisionCollector(bench: bench))
        controller.watchOwned(informers.informer(.revisions), by: .configurations)
        watchSettings(controller, GarbageCollectionSettings.keys, of: .configurations)
        return controller
    }

    func revisions() -> Controller {
        let controller = controller("revision", RevisionReconciler(bench: bench))
        watchChildren(controller, .deployments, of: .revisions)
        watchChildren(controller, .podAutoscalers, of: .revisions)
        controller.watch(informers.informer(.pods)) { change in Self.owner(of: change, ServingKeys.revision) }
        controller.watch(informers.informer(.routes)) { change in
            Set(([change.object, change.old].compactMap(\.self)).flatMap(RoutingState.routed)).sorted()
        }
        watchSettings(controller, DeploymentSettings.keys, of: .revisions)
        return controller
    }

    func routes(_ settings: ServingSettings, _ probe: any RouteProbe) -> Controller {
        let controller = controller("route", RouteReconciler(bench: bench, settings: settings, probe: probe))
        let routes = informers.store(.routes)
        controller.watch(informers.informer(.configurations)) { change in
            RouteTargets.routes(to: change.object, in: routes)
        }
        controller.watch(informers.informer(.revisions)) { change in
            RouteTargets.routes(to: change.object, in: routes)
        }
        watchSettings(controller, NetworkSettings.keys, of: .routes)
        return controller
    }

    func domainMappings(_ settings: ServingSettings, _ probe: any RouteProbe) -> Controller {
        let controller = controller(
            "domain-mapping", DomainMappingReconciler(bench: bench, settings: settings, probe: probe))
        let mappings = informers.store(.domainMappings)
        controller.watch(informers.informer(.clusterDomainClaims)) { change in
            mappings.all.filter { $0.name == change.object.name }.map(\.key)
        }
        for resource in DomainReference.resources {
            controller.watch(informers.informer(resource)) { change in
                mappings.all(in: change.object.namespace).filter { mapping in
                    DomainReference(mapping)?.key == change.object.key
                }.map(\.key)
            }
        }
        watchSettings(controller, NetworkSettings.keys, of: .domainMappings)
        return controller
    }

    func httpRoutes() -> Controller {
        let controller = controller("httproute", HTTPRouteReconciler(bench: bench))
        watchBackends(controller, of: .httpRoutes)
        return controller
    }

    func grpcRoutes() -> Controller {
        let controller = controller("grpcroute", GRPCRouteReconciler(bench: bench))
        watchBackends(controller, of: .grpcRoutes)
        return controller
    }

    /// What a route says of its backends changes as they come and go, and as they are granted.
    private func watchBackends(_ controller: Controller, of resource: Resource) {
        let routes = informers.store(resource)
        for backend in BackendState.resources {
            controller.watch(informers.informer(backend)) { change in
                if case .modified = change { return [] }
                return routes.all.filter { route in
                    GatewayRoute(route).backends.contains { $0.key == change.object.key }
                }.map(\.key)
            }
        }
        controller.watch(informers.informer(.referenceGrants)) { _ in routes.all.map(\.key) }
    }

    func domainClaims() -> Controller {
        let controller = controller("domain-claim", DomainClaimCollector(bench: bench))
        controller.watch(informers.informer(.domainMappings)) { change in
            [ObjectKey(namespace: nil, name: change.object.name)]
        }
        return controller
    }

    func podAutoscalers(_ loads: RevisionLoads, _ engines: EngineWatch, _ ledger: RoomLedger) -> Controller {
        let controller = controller(
            "podautoscaler",
            PodAutoscalerReconciler(bench: bench, loads: loads, engines: engines, ledger: ledger), workers: 4)
        watchChildren(controller, .horizontalPodAutoscalers, of: .podAutoscalers)
        _ = informers.informer(.nodes)
        let autoscalers = informers.store(.podAutoscalers)
        controller.watch(informers.informer(.deployments)) { change in
            // Knative's is named after the revision that owns the Deployment, Standard mode's after the Deployment.
            let names = [change.object.controller?.name, change.object.name].compactMap(\.self)
            return names.map(change.object.sibling).filter { autoscalers[$0] != nil }
        }
        controller.watch(informers.informer(.pods)) { change in Self.owner(of: change, ServingKeys.revision) }
        watchSettings(controller, AutoscalerConfigMap.keys, of: .podAutoscalers)
        return controller
    }

    func horizontalPodAutoscalers(_ usage: any PodUsageSource, _ traffic: any RevisionTraffic) -> Controller {
        controller(
            "horizontalpodautoscaler",
            HorizontalPodAutoscalerReconciler(
                bench: bench, history: HorizontalHistory(), usage: usage, traffic: traffic))
    }

    func autoscalerSettings() -> Controller {
        let reconciler = AutoscalerSettingsReconciler(bench: bench)
        let controller = Controller(
            "autoscalersettings", workers: 1, time: time, random: random, logger: logger,
            reconcile: reconciler.reconcile)
        controller.watch(informers.informer(.configMaps)) { change in
            AutoscalerConfigMap.keys.contains(change.object.key) ? [change.object.key] : []
        }
        return controller
    }

    func deployments(_ ledger: RoomLedger, random: @escaping Randomness) -> Controller {
        let controller = controller(
            "deployment", DeploymentReconciler(bench: bench, ledger: ledger, random: random), workers: 4)
        controller.watchOwned(informers.informer(.replicaSets), by: .deployments)
        controller.watchOwned(informers.informer(.pods), by: .deployments)
        let sets = informers.store(.replicaSets)
        controller.watch(informers.informer(.pods)) { change in
            let owner = change.object.controller.map { change.object.sibling($0.name) }
            guard let set = owner.flatMap({ sets[$0] }), set.isOfDeployment else { return [] }
            return set.controller.map { [set.sibling($0.name)] } ?? []
        }
        return controller
    }

    func replicaSets(_ ledger: RoomLedger, random: @escaping Randomness) -> Controller {
        let controller = controller(
            "replicaset", ReplicaSetReconciler(bench: bench, ledger: ledger, random: random))
        controller.watchOwned(informers.informer(.pods), by: .replicaSets)
        return controller
    }

    func judges(_ windows: JudgeWindows) -> Controller {
        controller("judge", JudgeReconciler(bench: bench, windows: windows))
    }

    func handOvers() -> Controller {
        let controller = controller("hand-over", HandOverReconciler(bench: bench))
        controller.watch(informers.informer(.pods)) { change in Self.owner(of: change, ServingKeys.revision) }
        return controller
    }

    /// One worker: it is the node that is planned, as a whole.
    func scheduler(_ scheduler: Scheduler) -> Controller {
        let controller = Controller(
            "scheduler", workers: 1, time: time, random: random, logger: logger, reconcile: scheduler.reconcile)
        let node = ObjectKey(namespace: nil, name: scheduler.ledger.nodeName)
        controller.watch(informers.informer(.pods)) { _ in scheduler.ledger.waiting.isEmpty ? [] : [node] }
        controller.watch(informers.informer(.nodes))
        informers.informer(.revisions).subscribe { change in
            if case .deleted(let revision) = change { scheduler.history.forget(revision.key) }
        }
        return controller
    }

    func learner(_ learner: Learner) -> Controller {
        self.learner(learner, "learner") { Self.owner(of: $0, ServingKeys.revision) }
    }

    /// Of the Deployments that serve models without revisions.
    func deploymentLearner(_ learner: Learner) -> Controller {
        let sets = informers.store(.replicaSets)
        return self.learner(learner, "deployment-learner") { change in
            let pod = change.object
            guard pod.labels[ServingKeys.revision] == nil, pod.labels[ServingKeys.inferenceService] != nil else {
                return []
            }
            let deployment = pod.controller.flatMap { sets[pod.sibling($0.name)]?.controller }
            return deployment.map { [pod.sibling($0.name)] } ?? []
        }
    }

    private func learner(
        _ learner: Learner, _ name: String, keys: @escaping @Sendable (Change) -> [ObjectKey]
    ) -> Controller {
        let controller = Controller(
            name, workers: 1, time: time, random: random, logger: logger, reconcile: learner.reconcile)
        controller.watch(informers.informer(.pods)) { change in
            if case .deleted(let pod) = change { learner.forget(pod: pod.uid) }
            return change.object.isReady ? keys(change) : []
        }
        return controller
    }

    private func controller<R: Reconciler>(_ name: String, _ reconciler: R, workers: Int = 2) -> Controller {
        let controller = Controller(
            name, workers: workers, time: time, random: random, logger: logger, reconcile: reconciler.reconcile)
        controller.watch(informers.informer(R.resource))
        return controller
    }

    private func watchChildren(_ controller: Controller, _ child: Resource, of owner: Resource) {
        controller.watchOwned(informers.informer(child), by: owner)
        informers.informer(child).subscribe { [bench] change in
            if case .deleted(let object) = change { bench.forget(child, object.key) }
        }
    }

    /// Settings count at once, for every object of a kind.
    private func watchSettings(_ controller: Controller, _ keys: [ObjectKey], of resource: Resource) {
        let store = informers.store(resource)
        controller.watch(informers.informer(.configMaps)) { change in
            keys.contains(change.object.key) ? store.all.map(\.key) : []
        }
    }

    private static func owner(of change: Change, _ label: String) -> [ObjectKey] {
        change.object.labels[label].map { [change.object.sibling($0)] } ?? []
    }
}
