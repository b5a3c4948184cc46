package import KubeModel

extension RoutingTable {
    /// A table without objects: services by name, each with the revisions (by index) and weights that it is split over.
    package init(
        revisions: [RoutedRevision], services: [ObjectKey: [(revision: Int, weight: Int)]], domain: String = "localhost"
    ) {
        self.init()
        self.revisions = revisions
        for (key, targets) in services.sorted(by: { $0.key < $1.key }) {
            let namespace = key.namespace ?? "default"
            let targets = targets.map { Route.Target(revision: $0.revision, weight: $0.weight) }
            addService(
                Route(name: "InferenceService \(key)", targets: targets), name: key.name, namespace: namespace,
                isUnique: services.keys.count { $0.name == key.name } == 1, domain: domain)
        }
        hostNames.sort()
        models.sort { $0.name < $1.name }
    }

    /// Makes a service known by its host, its path and its model name.
    mutating func addService(
        _ route: Route, name: String, namespace: String, isUnique: Bool, created: Int64 = 0, domain: String
    ) {
        let index = routes.count
        routes.append(route)
        addHost("\(name)-\(namespace).\(domain)", route: index)
        services.insert(index, for: "\(namespace)/\(name)")
        modelRoutes.insert(index, for: "\(namespace)/\(name)")
        modelRoutes.insert(isUnique ? index : nil, for: name)
        models.append(
            ModelEntry(
                name: isUnique ? name : "\(namespace)/\(name)", namespace: namespace, created: created, route: index))
    }
}
