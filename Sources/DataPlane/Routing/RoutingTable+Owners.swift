package import KubeModel

extension RoutingTable {
    /// Of each route, the InferenceServices that a request on it may reach, by whatever name it was called: the one that
    /// the route belongs to, and those whose revisions it leads to. Sorted.
    package var owners: [[ObjectKey]] {
        routes.map { route in
            let indices = route.targets.map(\.revision) + route.tags.map(\.revision) + route.shadows.map(\.revision)
            let reached = indices.filter(revisions.indices.contains).compactMap { revisions[$0].inferenceService }
            return Set(reached + [route.service].compactMap(\.self)).sorted()
        }
    }
}
