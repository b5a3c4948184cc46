import JSONModel
package import KubeModel
package import ServingAPI

/// The objects that a routing table is made of.
package struct RoutingObjects: Sendable {
    package var inferenceServices: [Object]
    /// `serving.knative.dev` Routes.
    package var routes: [Object]
    package var revisions: [Object]
    package var pods: [Object]
    /// Whether `Knative-Serving-Tag` chooses a tag (`tag-header-based-routing` in config-features).
    package var routesByTag = false
    /// Of Standard mode.
    package var deployments: [Object]
    /// `gateway.networking.k8s.io` HTTPRoutes and GRPCRoutes, and the ReferenceGrants that let them name what is in other
    /// namespaces.
    package var httpRoutes: [Object]
    package var grpcRoutes: [Object] = []
    package var referenceGrants: [Object] = []
    /// Core Services: what routes name as backends.
    package var services: [Object] = []
    package var domainMappings: [Object] = []
    package var inferenceGraphs: [Object] = []
    /// `nil`: nothing walks graphs, and they have no routes.
    package var graphWalker: GraphWalker?

    /// The server of this machine that walks InferenceGraphs.
    package struct GraphWalker: Sendable {
        package var port: Int
        /// The field that tells it which graph is meant.
        package var field: String

        package init(port: Int, field: String) {
            self.port = port
            self.field = field
        }
    }

    package init(
        inferenceServices: [Object] = [], routes: [Object] = [], revisions: [Object] = [], pods: [Object] = [],
        deployments: [Object] = [], httpRoutes: [Object] = []
    ) {
        self.inferenceServices = inferenceServices
        self.routes = routes
        self.revisions = revisions
        self.pods = pods
        self.deployments = deployments
        self.httpRoutes = httpRoutes
    }
}

extension RoutingTable {
    /// The table that the objects stand for. Objects that are incomplete take no part; nothing here fails.
    ///
    /// - Parameter hosts: where services, routes and their tags answer.
    package static func compile(_ objects: RoutingObjects, hosts: HostNames) -> RoutingTable {
        var compiler = RoutingCompiler(objects, hosts: hosts)
        let pods = Dictionary(grouping: objects.pods) {
            ObjectKey(namespace: $0.namespace, name: $0.labels[ServingKeys.revision] ?? "")
        }
        compiler.addRevisions(objects.revisions, pods: pods)
        compiler.addDeployments(objects.deployments, pods: pods)
        for route in objects.routes.sorted(by: { $0.key < $1.key }) { compiler.addRoute(route) }
        compiler.addInferenceServices(objects.inferenceServices.sorted { $0.key < $1.key })
        if let walker = objects.graphWalker {
            compiler.addInferenceGraphs(objects.inferenceGraphs.sorted { $0.key < $1.key }, walker: walker)
        }
        compiler.addGatewayRoutes(objects.httpRoutes + objects.grpcRoutes)
        compiler.addDomainMappings(objects.domainMappings.sorted { $0.key < $1.key })
        compiler.addRecording(objects.inferenceServices)
        return compiler.finish()
    }

    /// The table with the usual hosts: `<name>-<namespace>.<domain>`, and of routes `<name>.<namespace>.<domain>`.
    package static func compile(_ objects: RoutingObjects, domain: String) -> RoutingTable {
        compile(objects, hosts: HostNames(domain: domain))
    }
}

struct RoutingCompiler {
    let hosts: HostNames
    let routesByTag: Bool
    let pods: [Object]
    let grants: [Object]
    let services: [ObjectKey: Object]
    let httpRoutes: [ObjectKey: Object]
    var table = RoutingTable()
    var revisions: [ObjectKey: Int] = [:]
    /// By Knative Service (or, where there is none, by Configuration): the newest one that has not failed.
    private var hopes: [ObjectKey: (generation: Int, revision: Int)] = [:]
    /// By their objects' keys: Knative's Routes, and the HTTPRoutes of services in Standard mode.
    var serviceRoutes: [ObjectKey: (route: Int, tags: [(name: String, revision: Int)])] = [:]
    /// By InferenceService.
    var inferenceRoutes: [ObjectKey: Int] = [:]
    /// The paths of InferenceServices, on every host that is not a service's own.
    var paths: [HostRules.Rule] = []

    init(_ objects: RoutingObjects, hosts: HostNames) {
        self.hosts = hosts
        routesByTag = objects.routesByTag
        pods = objects.pods
        grants = objects.referenceGrants
        services = Dictionary(objects.services.map { ($0.key, $0) }) { $1 }
        httpRoutes = Dictionary(objects.httpRoutes.map { ($0.key, $0) }) { $1 }
    }

    mutating func addRevisions(_ objects: [Object], pods owned: [ObjectKey: [Object]]) {
        for revision in objects.sorted(by: { $0.key < $1.key }) {
            noteHope(revision, index: table.revisions.count)
            revisions[revision.key] = table.revisions.count
            let pods = owned[revision.key] ?? []
            let ready = pods.compactMap(ReadyPod.init).map(\.endpoint)
            table.revisions.append(
                RoutedRevision(revision, pods: pods, endpoints: ready.sorted { $0.podName < $1.podName }))
        }
    }

    private mutating func noteHope(_ revision: Object, index: Int) {
        let labels = revision.labels
        guard let owner = labels[ServingKeys.service] ?? labels[ServingKeys.configuration],
            revision.condition("Ready")?.isFalse != true
        else { return }
        let key = ObjectKey(namespace: revision.namespace, name: owner)
        let generation = labels[ServingKeys.configurationGeneration].flatMap { Int($0) } ?? 0
        if generation >= hopes[key]?.generation ?? 0 { hopes[key] = (generation, index) }
    }

    /// Routes to what `status.traffic` says, which names a revision in every entry.
    mutating func addRoute(_ route: Object) {
        let name = "Route \(route.key)"
        var targets: [Route.Target] = []
        var tags: [(name: String, revision: Int)] = []
        for entry in route.json[path: "status", "traffic"]?.arrayValue ?? [] {
            guard let revisionName = entry["revisionName"]?.stringValue,
                let revision = revisions[ObjectKey(namespace: route.namespace, name: revisionName)]
            else { continue }
            targets.append(Route.Target(revision: revision, weight: entry["percent"]?.intValue ?? 0))
            if let tag = entry["tag"]?.stringValue, !tag.isEmpty { tags.append((tag, revision)) }
        }
        // The first revision is still starting: who calls waits for it, as for one that sleeps.
        if targets.isEmpty, let hope = hopes[route.key] {
            targets = [Route.Target(revision: hope.revision, weight: 100)]
        }
        var made = Route(name: name, targets: targets, reason: reason(of: route)).with(
            tags: routesByTag ? tags : [], shadows: shadows(of: route, tags))
        made.service = route.inferenceService
        let main = add(made)
        table.routes[main].redirectsToTLS = redirectsToTLS(route)
        serviceRoutes[route.key] = (main, tags)
        addHosts(of: route, tag: nil, main)
        for (tag, revision) in tags {
            let target = Route.Target(revision: revision, weight: 100)
            addHosts(of: route, tag: tag, add(Route(name: "\(name), tag \(tag)", targets: [target])))
        }
    }

    /// A route answers at its host inside too; one that is cluster-local has no other.
    private mutating func addHosts(of route: Object, tag: String?, _ index: Int) {
        if !route.isClusterLocal { table.addHost(hosts.host(ofRoute: route, tag: tag), route: index) }
        table.addInnerHost(hosts.clusterHost(hosts.name(ofRoute: route, tag: tag), of: route), route: index)
    }

    /// One that is cluster-local has no path and no model name either: those are open to whoever reaches the gateway.
    mutating func addInferenceServices(_ services: [Object]) {
        let outside = services.filter { !hosts.isInside($0) }
        let namesakes = Dictionary(grouping: outside, by: \.name).mapValues(\.count)
        for service in services {
            if DeploymentMode(service) == .standard { addStandardRoutes(of: service) }
            let index = addRoute(of: service, Self.entrance(of: service))
            inferenceRoutes[service.key] = index
            let entry = addExplainer(of: service, besides: index).map(RoutingTable.Host.rules) ?? .route(index)
            table.addInnerHost(hosts.clusterHost(service.name, of: service), entry)
            guard !hosts.isInside(service) else { continue }
            for host in hosts.hosts(ofInferenceService: service) { table.addHost(host, entry) }
            if let path = hosts.path(ofInferenceService: service) { addPath(path, to: index) }
            table.addModel(
                service.name, namespace: service.namespace ?? "default", isUnique: namesakes[service.name] == 1,
                created: service.creationTimestamp.flatMap(Timestamp.seconds) ?? 0, route: index)
        }
    }

    /// Which component takes the requests: the transformer, where the service has one.
    private static func entrance(of service: Object) -> ComponentRole {
        service["spec", "transformer"] == nil ? .predictor : .transformer
    }

    mutating func addRoute(of service: Object, _ role: ComponentRole) -> Int {
        let index = add(route(of: service, role))
        table.routes[index].redirectsToTLS = redirectsToTLS(service)
        return index
    }

    private func route(of service: Object, _ role: ComponentRole) -> Route {
        let key = InferenceService(service, role: role).routeKey
        let knative = serviceRoutes[key]
        let targets = knative.map { table.routes[$0.route].targets } ?? deployed(key)
        let fields = "KServe-Isvc-Name: \(service.name)\r\nKServe-Isvc-Namespace: \(service.namespace ?? "default")\r\n"
        var route = Route(name: "InferenceService \(service.key)", targets: targets, reason: reason(of: service))
        route.fields = Array(fields.utf8)
        route.service = service.key
        route.timeout = knative.flatMap { table.routes[$0.route].timeout }
        let tags = knative?.tags ?? []
        return route.with(tags: routesByTag ? tags : [], shadows: shadows(of: service, tags))
    }

    /// What the annotation says, else `config-network`.
    private func redirectsToTLS(_ object: Object) -> Bool {
        let own = object.annotations[ServingKeys.httpProtocol].flatMap { HTTPProtocol($0) }
        return switch own ?? hosts.network.httpProtocol {
        case .redirected: true
        case .enabled: false
        }
    }

    /// What the annotation `martlet.dev/shadow` says, where it names a tag or a revision that there is.
    private func shadows(of object: Object, _ tags: [(name: String, revision: Int)]) -> [Route.Shadow] {
        guard let rule = object.annotations[ServingKeys.shadow].flatMap(ShadowRule.init) else { return [] }
        let revision =
            tags.first { $0.name == rule.target }?.revision
            ?? revisions[ObjectKey(namespace: object.namespace, name: rule.target)]
        return revision.map { [Route.Shadow(revision: $0, share: rule.percent)] } ?? []
    }

    mutating func add(_ route: Route) -> Int {
        table.routes.append(route)
        return table.routes.count - 1
    }

    private func reason(of object: Object) -> String {
        let ready = object.condition("Ready")
        return ready?.message ?? ready?.reason ?? "it is not ready yet"
    }

    consuming func finish() -> RoutingTable {
        table.hostNames.sort()
        table.models.sort { $0.name < $1.name }
        return table
    }
}

extension Route {
    fileprivate func with(tags: [(name: String, revision: Int)], shadows: [Shadow]) -> Route {
        var route = self
        route.tags = tags.map { Tag($0.name, revision: $0.revision) }
        route.shadows = shadows
        return route
    }
}
