package import KubeModel

extension RoutingTable {
    /// Of each route, the InferenceServices that a request on it may reach, by whatever name it was called: the one that
    /// the route belongs to, and those whose revisions it leads to. Sorted.
    package var owners: [[ObjectKey]] {
        routes.map { route in
            let led = reached(by: route).compactMap { revisions[$0].inferenceService }
            return Set(led + [route.service].compactMap(\.self)).sorted()
        }
    }

    /// Of each route, the namespaces of all that it leads to.
    package var namespaces: [Set<String>] {
        routes.map { route in
            Set(
                reached(by: route).compactMap { revisions[$0].key.namespace }
                    + [route.service?.namespace].compactMap(\.self))
        }
    }

    /// Of each route, where it answers, inside and outside; `*.example.com` and `*` for hosts with these endings.
    package var routeHosts: [[String]] {
        var found: [[String]] = Array(repeating: [], count: routes.count)
        func add(_ host: String, _ rules: Int) {
            for rule in hostRules[rules].rules where !found[rule.route].contains(host) {
                found[rule.route].append(host)
            }
        }
        hosts.forEach { host, entry in
            switch entry {
            case .route(let route): found[route].append(host)
            case .rules(let rules): add(host, rules)
            }
        }
        wildcards.forEach { suffix, rules in add("*" + suffix, rules) }
        if let anyHost { add("*", anyHost) }
        return found
    }

    /// The revisions that a request may go to, by their indices.
    package func reached(byRoute index: Int) -> [Int] { reached(by: routes[index]) }

    private func reached(by route: Route) -> [Int] {
        let indices = route.targets.map(\.revision) + route.tags.map(\.revision) + route.shadows.map(\.revision)
        return indices.filter(revisions.indices.contains)
    }
}
