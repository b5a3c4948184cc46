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
            routes.append(Route(name: "InferenceService \(key)", targets: targets))
            addHost("\(key.name)-\(namespace).\(domain)", route: routes.count - 1)
            addModel(
                key.name, namespace: namespace, isUnique: services.keys.count { $0.name == key.name } == 1,
                route: routes.count - 1)
        }
        hostNames.sort()
        models.sort { $0.name < $1.name }
    }

    /// Makes a service known by its path and its model name.
    /// What answers at `/serving/<name>`, unless a service does.
    mutating func addService(_ name: String, route: Int) {
        if services[Array(name.utf8).span] == nil { services.insert(route, for: name) }
    }

    mutating func addModel(
        _ name: String, namespace: String, isUnique: Bool, created: Int64 = 0, route index: Int
    ) {
        services.insert(index, for: "\(namespace)/\(name)")
        modelRoutes.insert(index, for: "\(namespace)/\(name)")
        modelRoutes.insert(isUnique ? index : nil, for: name)
        models.append(
            ModelEntry(
                name: isUnique ? name : "\(namespace)/\(name)", namespace: namespace, created: created, route: index))
    }
}
