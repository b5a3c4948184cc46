extension RoutingCompiler {
    /// What `pathTemplate` of `inferenceservice-config` makes: the path is the service's, and its server sees the rest.
    mutating func addPath(_ path: String, to index: Int) {
        var filters = RouteFilters()
        filters.path = .prefix([])
        let shared = filters.shared
        let own = table.routes[index]
        var route = Route(
            name: own.name,
            targets: own.targets.map { Route.Target(revision: $0.revision, weight: $0.weight, filters: shared) },
            reason: own.reason)
        (route.fields, route.shadows, route.timeout) = (own.fields, own.shadows, own.timeout)
        (route.service, route.redirectsToTLS) = (own.service, own.redirectsToTLS)
        var match = RequestMatch()
        match.path = .prefix(Array(path.utf8))
        paths.append(HostRules.Rule(match: match, route: add(route)))
    }
}
