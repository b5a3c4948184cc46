import Authorization
import KubeController
import KubeModel
import Routing
import ServingAPI

/// Compiles the routing table anew whenever an object that it is made of changes, and hands it to the gateway.
///
/// Changes that come while a table is being compiled make one next table together. Where compiling takes long, because
/// there is much to route, it rests for a multiple of that time, so that a stream of changes leaves the machine to others;
/// a small table is out at once.
struct RoutingPublisher: Sendable {
    private let informers: Informers
    private let hosts: HostNames
    private let changes: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let graphWalker: @Sendable () -> RoutingObjects.GraphWalker?
    private let onTable: @Sendable (RoutingTable, AccessTable) -> Void
    private let onReports: @Sendable ([AuthConfigReport]) -> Void

    private static let resources: [Resource] = [
        .inferenceServices, .routes, .revisions, .pods, .deployments, .httpRoutes, .grpcRoutes, .referenceGrants,
        .services, .domainMappings, .authConfigs, .inferenceGraphs, .authorizationPolicies, .requestAuthentications,
        .peerAuthentications,
    ]
    private static let settings =
        NetworkSettings.keys + InferenceServiceSettings.keys + FeatureSettings.keys
        + ObservabilitySettings.keys + [MeshSettings.key]

    /// - Parameters:
    ///   - hosts: what ConfigMaps may change is read anew for each table.
    ///   - graphWalker: where InferenceGraphs are walked; `nil` until that is known. `look()` asks for it again.
    ///   - onReports: takes what became of AuthConfigs.
    ///   - onTable: takes each table, and who may take its routes, in order.
    init(
        _ informers: Informers, hosts: HostNames, graphWalker: @escaping @Sendable () -> RoutingObjects.GraphWalker?,
        onReports: @escaping @Sendable ([AuthConfigReport]) -> Void,
        onTable: @escaping @Sendable (RoutingTable, AccessTable) -> Void
    ) {
        self.informers = informers
        self.hosts = hosts
        self.onTable = onTable
        self.onReports = onReports
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.changes = changes
        self.continuation = continuation
        self.graphWalker = graphWalker
        for resource in Self.resources {
            informers.informer(resource).subscribe { change in
                if RoutingObjects.concern(change.object) { continuation.yield() }
            }
        }
        informers.informer(.configMaps).subscribe { change in
            if Self.settings.contains(change.object.key) { continuation.yield() }
        }
    }

    /// Compiles the table anew.
    func look() { continuation.yield() }

    /// Runs until cancelled.
    func run() async {
        await informers.waitUntilSynced()
        var compiler = AccessCompiler()
        publish(&compiler)
        let clock = ContinuousClock()
        for await _ in changes {
            let took = clock.measure { publish(&compiler) }
            if took > Self.freely { try? await Task.sleep(for: min(took * Self.rest, .seconds(1))) }
        }
    }

    /// A table that takes no longer may be compiled as often as something changes.
    private static let freely = Duration.milliseconds(2)
    /// How many times as long as the compiling the rest is.
    private static let rest = 4

    private var meshObjects: MeshObjects {
        var mesh = MeshObjects()
        mesh.authorizationPolicies = informers.store(.authorizationPolicies).all
        mesh.requestAuthentications = informers.store(.requestAuthentications).all
        mesh.peerAuthentications = informers.store(.peerAuthentications).all
        if !mesh.isEmpty { mesh.providers = MeshSettings.providers(informers.store(.configMaps)[MeshSettings.key]) }
        return mesh
    }

    private func publish(_ compiler: inout AccessCompiler) {
        var objects = RoutingObjects(
            inferenceServices: informers.store(.inferenceServices).all, routes: informers.store(.routes).all,
            revisions: informers.store(.revisions).all, pods: informers.store(.pods).all,
            deployments: informers.store(.deployments).all, httpRoutes: informers.store(.httpRoutes).all)
        let configMaps = informers.store(.configMaps)
        objects.grpcRoutes = informers.store(.grpcRoutes).all
        objects.referenceGrants = informers.store(.referenceGrants).all
        objects.services = informers.store(.services).all
        objects.domainMappings = informers.store(.domainMappings).all
        objects.inferenceGraphs = informers.store(.inferenceGraphs).all
        objects.graphWalker = graphWalker()
        objects.routesByTag = FeatureSettings(finding: { configMaps[$0] }).routesByTagHeader
        var table = RoutingTable.compile(objects, hosts: hosts.configured { configMaps[$0] })
        table.requestLog = ObservabilitySettings(finding: { configMaps[$0] }).requestLog
        let services = Dictionary(objects.inferenceServices.map { ($0.key, $0) }) { first, _ in first }
        var subjects = zip(table.owners, zip(table.routeHosts, table.namespaces)).map { owners, place in
            RouteSubject(owners: owners, hosts: place.0, namespaces: place.1)
        }
        let mesh = meshObjects
        if !mesh.isEmpty {
            let workloads = RoutedWorkloads(table, services: services, find: { informers.store($0)[$1] })
            for index in subjects.indices {
                subjects[index].workloads = workloads.behind(route: index, subjects[index])
            }
        }
        let access = compiler.compile(subjects, authConfigs: informers.store(.authConfigs).all, mesh: mesh) {
            services[$0]
        }
        onTable(table, access)
        onReports(compiler.reports)
    }
}
