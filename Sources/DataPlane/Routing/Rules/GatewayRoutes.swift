import JSONModel
import KubeModel
import ServingAPI

// HTTPRoutes and GRPCRoutes of the Gateway API: each rule is a route, and each host has the rules of all of its objects.
extension RoutingCompiler {
    /// - Parameter objects: sorted: of rules that say the same, the first one counts.
    mutating func addGatewayRoutes(_ objects: [Object]) {
        var byHost: [String: [HostRules.Rule]] = [:]
        for object in objects.sorted(by: Self.isOlder) {
            let route = GatewayRoute(object)
            guard !route.parents.isEmpty else { continue }
            let rules = route.rules.enumerated().flatMap { self.rules($1, number: $0, of: route) }
            for host in route.hostnames.isEmpty ? [""] : route.hostnames { byHost[host, default: []] += rules }
        }
        table.anyHost = paths.isEmpty && byHost[""] == nil ? nil : add(HostRules([paths, byHost[""] ?? []]))
        for (host, rules) in byHost.sorted(by: { $0.key < $1.key }) where !host.isEmpty {
            addHost(host, HostRules([rules] + shadowed(by: host, byHost)))
        }
    }

    private static func isOlder(_ left: Object, _ right: Object) -> Bool {
        let (first, second) = (left.creationTimestamp ?? "", right.creationTimestamp ?? "")
        return first == second ? left.key < right.key : first < second
    }

    /// What takes a request for a host that none of its own rules takes: the rules of the patterns that it falls under,
    /// the longest first, then those for every host.
    private func shadowed(by host: String, _ byHost: [String: [HostRules.Rule]]) -> [[HostRules.Rule]] {
        let patterns = byHost.keys.filter { $0.hasPrefix("*.") && $0 != host && host.hasSuffix($0.dropFirst()) }
        return (patterns.sorted { $0.utf8.count > $1.utf8.count } + [""]).compactMap { byHost[$0] }
    }

    /// A host that is a service's own already stays that service's.
    private mutating func addHost(_ host: String, _ rules: HostRules) {
        if host.hasPrefix("*.") {
            table.wildcards.insert(add(rules), for: String(host.dropFirst()))
        } else if let only = rules.rules.first, only.match.isCatchAll {
            table.addHost(host, route: only.route)
        } else if table.hosts[host] == nil {
            table.addHost(host, rules: add(rules))
        }
    }

    private mutating func add(_ rules: HostRules) -> Int {
        table.hostRules.append(rules)
        return table.hostRules.count - 1
    }

    private mutating func rules(_ rule: JSONValue, number: Int, of route: GatewayRoute) -> [HostRules.Rule] {
        let isGRPC = route.object.kind == "GRPCRoute"
        let given = rule["matches"]?.arrayValue ?? []
        let matches =
            given.isEmpty
            ? [RequestMatch()] : given.compactMap { isGRPC ? RequestMatch(grpc: $0) : RequestMatch(http: $0) }
        guard !matches.isEmpty else { return [] }
        let index = add(self.route(rule, of: route.object, name: "\(route.object.kind) \(route.key), rule \(number)"))
        return matches.map { HostRules.Rule(match: $0, route: index) }
    }
}

// One rule.
extension RoutingCompiler {
    mutating func route(_ rule: JSONValue, of object: Object, name: String) -> Route {
        let filters = rule["filters"]?.arrayValue ?? []
        let redirect = RouteFilters(filters).redirect
        let backends = rule["backendRefs"]?.arrayValue ?? []
        // Where there is nothing to send requests to, they get 500, as the Gateway API wants it.
        let targets =
            backends.isEmpty || redirect != nil
            ? [Route.Target(revision: Route.nowhere, weight: 1)] : self.targets(backends, of: object, filters)
        var route = Route(name: name, targets: targets)
        route.filters = redirect == nil ? nil : RouteFilters(filters).shared
        route.timeout = Self.timeout(rule["timeouts"])
        route.behaviour = RouteBehaviour(
            session: SessionRule(persistence: rule["sessionPersistence"]), retry: RetryRule(rule["retry"]))
        route.shadows = filters.compactMap { mirror($0, of: object) }
        return route
    }

    private mutating func targets(
        _ backends: [JSONValue], of object: Object, _ filters: [JSONValue]
    ) -> [Route.Target] {
        let resolved = backends.map { json in
            let backend = BackendReference(json, of: object)
            let changes = RouteFilters(filters + (json["filters"]?.arrayValue ?? []))
            return (weight: backend.weight, targets: targets(of: backend), filters: changes.shared)
        }
        let isSplitAgain = resolved.contains { $0.targets.count > 1 }
        let all = resolved.flatMap { backend in
            let total = backend.targets.reduce(0) { $0 + $1.weight }
            return backend.targets.map { target in
                let share = isSplitAgain ? backend.weight * target.weight * 100 / max(1, total) : backend.weight
                return Route.Target(revision: target.revision, weight: share, filters: backend.filters)
            }
        }
        let isNothing = all.allSatisfy { $0.weight == 0 } && !all.isEmpty
        return isNothing ? [Route.Target(revision: Route.nowhere, weight: 1)] : all
    }

    /// Where the requests for a backend go: to the pods of a Service, or where those of a Knative Service or an
    /// InferenceService of that name go.
    private mutating func targets(of backend: BackendReference) -> [Route.Target] {
        let nowhere = [Route.Target(revision: Route.nowhere, weight: 1)]
        guard backend.isService, backend.isPermitted(by: grants) else { return nowhere }
        if let revision = revisions[backend.key] { return [Route.Target(revision: revision, weight: 1)] }
        if let index = serviceRoutes[backend.key]?.route ?? inferenceRoutes[backend.key] {
            return table.routes[index].targets
        }
        return service(backend).map { [Route.Target(revision: $0, weight: 1)] } ?? nowhere
    }

    private mutating func mirror(_ filter: JSONValue, of object: Object) -> Route.Shadow? {
        guard filter["type"]?.stringValue == "RequestMirror", let mirror = filter["requestMirror"],
            let backend = mirror["backendRef"],
            let target = targets(of: BackendReference(backend, of: object)).first, target.revision >= 0
        else { return nil }
        let fraction = mirror["fraction"]
        return Route.Shadow(
            revision: target.revision, share: fraction?["numerator"]?.intValue ?? mirror["percent"]?.intValue ?? 100,
            of: fraction == nil ? 100 : fraction?["denominator"]?.intValue ?? 100)
    }

    /// The shorter of the two; there is one attempt that counts.
    private static func timeout(_ timeouts: JSONValue?) -> Duration? {
        ["request", "backendRequest"].compactMap { name in
            timeouts?[name]?.stringValue.flatMap(GoDuration.seconds).flatMap { $0 > 0 ? .seconds($0) : nil }
        }.min()
    }
}
