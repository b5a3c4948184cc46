import APIServer
import Authorization
import Glibc
import HostImages
import KubeAccess
import KubeClient
import KubeController
import KubeModel
import Logging
import ModelStorage
import NodeAgent
import Observability
import Proxy
import ServiceLifecycle
import ServingAPI
import ServingControllers
import Synchronization

/// The parts between the API and its listeners, made for each other: controllers, node and gateway.
///
/// They meet in objects; the bridges are the few moments where one has to ask another at once.
struct StandaloneParts: Sendable {
    /// The one node that there is.
    static let nodeName = "local"

    let metrics = MetricRegistry()
    let gateway: Gateway
    let node: NodeAgent
    private let informers: Informers
    private let controllers: ServingControllers
    private let publisher: RoutingPublisher
    private let certificates: GatewayCertificates?
    private let models: ModelCache
    private let images: EnvironmentStore
    private let keeper: ImageKeeper
    private let dashboards: Controller
    /// One for models of the machine, one for those of namespaces.
    private let modelCaches: [Controller]
    private let scraper = MetricsScraper()
    private let hasTable: SyncedFlag
    private let requestLog: RequestLogFile
    private let callLog: CallLogFile?
    private let desk: AccessDesk
    private let keys: KeyDirectory
    private let sources: APISources
    private let configStatus: AuthConfigStatus
    /// Asked when Martlet is stopped.
    private let keepsPods: @Sendable () -> Bool
    let observing: Observing
    private let graphs: GraphWalking

    /// - Parameters:
    ///   - client: the API, in process.
    ///   - access: who may do what at the API, which is what the gateway goes by.
    init(
        _ configuration: StandaloneConfiguration, client: any ResourceClient, access: AccessControl, pki: PKI,
        logger: Logger
    ) throws {
        let environment = ProcessEnvironment.current
        let directory = configuration.directory
        let wake = WakeRelay()
        let routes = ServedRoutes()
        keepsPods = { [always = configuration.keepsPods, note = directory.keepPods] in unlink(note) == 0 || always }
        let hasTable = SyncedFlag()
        let sources = APISources(client: client, logger: logger)
        let desk = AccessDesk(
            authority: ClusterAuthority(access: access), sources: sources, checks: ExternalChecks(),
            epoch: access.authorizer.epoch
        ) {
            Double(time(nil))
        }
        let requestLog = RequestLogFile(path: directory.requestLog, logger: logger)
        self.requestLog = requestLog
        var gatewayConfiguration = try Self.gatewayConfiguration(configuration, pki)
        gatewayConfiguration.requestLog = requestLog
        let callLog = configuration.callLog.map { CallLogFile(path: $0, logger: logger) }
        self.callLog = callLog
        gatewayConfiguration.callLog = callLog
        gatewayConfiguration.externalAuthorizationPort = configuration.externalAuthorizationPort
        let gateway = Gateway(configuration: gatewayConfiguration, wakeSignal: wake, desk: desk)
        informers = Informers(client: client, indices: ServingControllers.indices, logger: logger)
        models = ModelCache(
            directory: directory.models, environment: environment,
            configuration: Self.modelConfiguration(configuration, informers))
        images = EnvironmentStore(directory: directory.environments, environment: environment, models: models)
        keeper = ImageKeeper(store: images, informers: informers, client: client, logger: logger)
        node = try NodeAgent(
            NodeAgent.Configuration(
                nodeName: Self.nodeName, dataDirectory: directory.path, cacheDirectory: directory.computed,
                shimPath: try ShimPath.find(), version: ServerVersion.release, memoryLimit: configuration.memoryLimit),
            client: client, pods: informers.informer(.pods),
            images: LocalImages(store: images, informers: informers, keeper: keeper),
            models: LocalModels(cache: models, client: client, volumes: directory.volumes),
            gate: GatewayDrain(gateway: gateway), logger: logger)
        let settings = ServingSettings(
            domain: configuration.domain, gatewayPort: configuration.gatewayPort, nodeName: Self.nodeName)
        let controllers = ServingControllers(
            client: client, informers: informers, settings: settings,
            traffic: GatewayTraffic(gateway: gateway), outcomes: GatewayOutcomes(gateway: gateway), probe: routes,
            machine: LocalMachine(node: node, models: models), usage: NodePodUsage(node: node),
            engines: ScrapedEngines(scraper: scraper), logger: logger)
        wake.connect(controllers)
        let status = AuthConfigStatus(
            client: client, store: informers.informer(.authConfigs).store, logger: logger)
        configStatus = status
        let port = configuration.gatewayPort
        let graphs = GraphWalking(
            informers, hosts: settings.hosts, address: configuration.listenAddress,
            port: { gateway.boundPort ?? port }, logger: logger)
        publisher = RoutingPublisher(
            informers, hosts: settings.hosts, graphWalker: { graphs.walker }, onReports: status.report
        ) { table, access in
            gateway.swap(table, access)
            routes.took(table)
            hasTable.set()
            controllers.routesChanged()
        }
        certificates =
            configuration.gatewayTLSPort == nil
            ? nil : GatewayCertificates(informers, gateway: gateway, logger: logger)
        modelCaches = [Resource.localModelCaches, .localModelNamespaceCaches].map { [models, informers] resource in
            LocalModelCaches(
                resource: resource, informers: informers, client: client, models: models, node: Self.nodeName,
                volumes: directory.volumes
            ).controller(logger: logger)
        }
        let starts = PodStartMetrics(informers.informer(.pods))
        _ = informers.informer(.hostImages)
        keys = KeyDirectory(client: client, logger: logger) { gateway.apply($0) }
        metrics.add(ProcessMetrics.collect)
        metrics.add(starts.collect)
        metrics.add { requestLog.collect() }
        if let callLog { metrics.add { callLog.collect() } }
        metrics.add { ScalingMetrics.collect(controllers.scalingReadings, owners: gateway.owners) }
        observing = Observing(
            configuration, gateway: gateway, node: node, pods: informers.store(.pods), metrics: metrics,
            scraper: scraper, logger: logger)
        dashboards = MetricsDashboards(informers: informers, client: client).controller(logger: logger)
        metrics.add { graphs.collect() }
        self.graphs = graphs
        self.gateway = gateway
        self.controllers = controllers
        self.hasTable = hasTable
        self.desk = desk
        self.sources = sources
    }

    private static func modelConfiguration(
        _ configuration: StandaloneConfiguration, _ informers: Informers
    ) -> ModelCache.Configuration {
        var models = ModelCache.Configuration()
        models.requiresDigest = configuration.requiresModelDigest
        models.room.limit = configuration.modelCacheLimit.map(Int64.init)
        models.room.livingUsers = {
            await informers.informer(.pods).waitUntilSynced()
            let resources = [Resource.pods, .localModelCaches, .localModelNamespaceCaches]
            return Set(resources.flatMap { informers.store($0).all.map(\.uid) })
        }
        return models
    }

    private static func gatewayConfiguration(_ configuration: StandaloneConfiguration, _ pki: PKI) throws
        -> GatewayConfiguration
    {
        var gateway = GatewayConfiguration()
        gateway.host = configuration.listenAddress
        gateway.port = configuration.gatewayPort
        gateway.takesProxyHeader = configuration.gatewayProxyProtocol
        gateway.keepsTrail = configuration.observing.recordsRequests || configuration.observing.traceEndpoint != nil
        if configuration.observing.traceEndpoint != nil {
            gateway.tracing = TracePolicy(share: configuration.observing.traceShare)
        }
        gateway.tls = try configuration.gatewayTLSPort.map { try GatewayTLS(configuration, port: $0, pki: pki) }
        return gateway
    }

    /// Whether the gateway has a table of what there is.
    var isReady: Bool { hasTable.isSet }

    /// What runs, in the order of starting; stopped in reverse.
    var services: [any Service] {
        let certificates = certificates.map { certificates in [Job { await certificates.run() }] } ?? []
        let calls = callLog.map { log in [Job { await log.run() }] } ?? []
        return certificates + calls + [
            Job { [informers] in await informers.run() },
            Job.ending { [models, images] in
                images.stop()
                await models.shutDown()
            },
            Job { [keeper] in await keeper.run() },
            Job { [node] in await node.report() },
            Job(
                run: { [node] in await node.run() },
                stop: { [node, keepsPods] in node.shutDown(keepsPods: keepsPods()) }),
            Job.ending { [scraper] in await scraper.shutDown() },
            Job { [gateway, scraper] in await EngineGauges(gateway: gateway, scraper: scraper).run() },
            Job { [requestLog] in await requestLog.run() },
            // Stops after the gateway, and gets from it what ended last.
            Job { [observing] in await observing.run() },
            Job { [dashboards] in await dashboards.run() },
            Job { [controllers] in await controllers.run() },
            Job { [modelCaches] in
                await withDiscardingTaskGroup { group in
                    for controller in modelCaches { group.addTask { await controller.run() } }
                }
            },
            Job { [publisher] in await publisher.run() },
            Job { [graphs, publisher] in try await graphs.run { publisher.look() } },
            Job { [desk] in await desk.run() },
            Job { [keys] in await keys.run() },
            Job { [sources] in await sources.run() },
            Job { [configStatus] in await configStatus.run() },
            Job.ending { [gateway] in await gateway.shutdown(grace: .seconds(5)) },
        ]
    }
}

/// A flag that is set once.
final class SyncedFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }
    func set() { flag.store(true, ordering: .releasing) }
}
