import Autoscaling
package import KubeClient
package import KubeController
package import KubeModel
package import Logging
import ServingAPI

/// Everything between an InferenceService and its pods: the reconcilers of one process.
///
/// They read `informers`, which the caller makes with `indices` and runs; they write through `client`.
package final class ServingControllers: Sendable {
    /// What the reconcilers look objects up by; for `Informers.init`.
    package static let indices: [Resource: [StoreIndex]] = [
        .pods: [.label(ServingKeys.revision), RoomLedger.unscheduled], .inferenceServices: [unserved],
        .routes: [unserved, RevisionReconciler.routed, RouteTargets.named], .domainMappings: [unserved],
        .inferenceGraphs: [unserved],
    ]

    /// What waits for the gateway is found by "waits".
    private static let unserved = StoreIndex("unserved") { object in
        object.condition("IngressReady")?.isTrue == true ? [] : ["waits"]
    }

    private let informers: Informers
    private let bench: Workbench
    private let loads: RevisionLoads
    private let engines: EngineWatch
    private let autoscaler: Controller
    private let routes: Controller
    private let services: Controller
    private let mappings: Controller
    private let graphs: Controller
    private let all: [Controller]

    /// - Parameters:
    ///   - traffic: what the gateway counts.
    ///   - outcomes: what became of the requests.
    ///   - probe: what the gateway serves.
    ///   - machine: what models take.
    ///   - usage: what the pods use.
    ///   - engines: what language models' engines tell of themselves.
    package init(
        client: any ResourceClient, informers: Informers, settings: ServingSettings, traffic: any RevisionTraffic,
        outcomes: any RevisionOutcomes, probe: any RouteProbe, machine: any ModelMachine,
        usage: any PodUsageSource,
        engines: any EngineMetricsSource = NoEngineMetrics(), time: any TimeSource = SystemTime(),
        random: @escaping Randomness = systemRandomness,
        logger: Logger
    ) {
        self.informers = informers
        let bench = Workbench(client: client, informers: informers, time: time, logger: logger)
        self.bench = bench
        let history = RequestHistory(traffic, time: time)
        loads = RevisionLoads(traffic: history, time: time)
        self.engines = EngineWatch(source: engines, time: time)
        let ledger = RoomLedger(bench: bench, machine: machine, nodeName: settings.nodeName)
        let make = ControllerFactory(bench: bench, informers: informers, time: time, random: random, logger: logger)
        services = make.inferenceServices(settings, probe)
        routes = make.routes(settings, probe)
        mappings = make.domainMappings(settings, probe)
        graphs = make.inferenceGraphs(settings, probe)
        autoscaler = make.podAutoscalers(loads, self.engines, ledger)
        all = [
            services, make.knativeServices(), make.configurations(), make.collector(), make.revisions(), routes,
            mappings, graphs, make.domainClaims(), make.httpRoutes(), make.grpcRoutes(),
            autoscaler, make.horizontalPodAutoscalers(usage, traffic), make.autoscalerSettings(),
            make.deployments(ledger, random: random), make.replicaSets(ledger, random: random),
            make.handOvers(), make.judges(JudgeWindows(outcomes: outcomes, time: time)),
            make.scheduler(Scheduler(bench: bench, ledger: ledger, history: history, loads: loads)),
            make.learner(Learner(bench: bench, machine: machine, of: .revisions)),
            make.deploymentLearner(Learner(bench: bench, machine: machine, of: .deployments)),
        ]
    }

    /// Reconciles until `stop()` or cancellation, from when the informers are synced.
    package func run() async {
        await informers.waitUntilSynced()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watchEngines() }
            await withDiscardingTaskGroup { controllers in
                for controller in all { controllers.addTask { await controller.run() } }
            }
            group.cancelAll()
        }
    }

    /// Asks the engines of the class for language models, until cancelled.
    private func watchEngines() async {
        await engines.run { [bench] in
            bench.store(.podAutoscalers).all.filter { $0.scalingClass == .llm }.flatMap {
                RevisionPods($0, bench).engines
            }
        }
    }

    /// How every revision is scaled, sorted by name.
    package var scalingReadings: [ScalingReading] {
        bench.store(.podAutoscalers).all.map { ScalingReading($0, bench, loads) }
    }

    /// Finishes what is in hand, then lets `run()` return.
    package func stop() { for controller in all { controller.stop() } }

    /// A request waits in the gateway for a revision without replicas: decide at once.
    package func wake(namespace: String, revision: String) {
        let key = ObjectKey(namespace: namespace, name: revision)
        loads.poke(key)
        autoscaler.queue.add(key)
    }

    /// The gateway serves another routing table: what waited for it may be ready now.
    package func routesChanged() {
        let waiting: [(Controller, Resource)] = [
            (routes, .routes), (services, .inferenceServices), (mappings, .domainMappings),
            (graphs, .inferenceGraphs),
        ]
        for (controller, resource) in waiting {
            for object in informers.store(resource).found(by: Self.unserved, "waits") {
                controller.queue.add(object.key)
            }
        }
    }

    /// Whether nothing is being reconciled or waits to be (what waits for a later moment aside).
    package var isAtRest: Bool { all.allSatisfy(\.queue.isAtRest) }
}
