import KubeModel
import ServingAPI

extension RoutingCompiler {
    /// A graph is routed as a service is, to the server that walks it.
    ///
    /// - Parameters:
    ///   - field: what tells that server which graph is meant.
    mutating func addInferenceGraphs(_ graphs: [Object], walker: RoutingObjects.GraphWalker) {
        for object in graphs {
            let graph = InferenceGraph(object)
            let index = add(route(of: graph, walker))
            table.addInnerHost(hosts.clusterHost(graph.name, of: object), route: index)
            guard !hosts.isInside(object) else { continue }
            for host in hosts.hosts(ofInferenceService: object) { table.addHost(host, route: index) }
            table.addService("\(object.namespace ?? "default")/\(graph.name)", route: index)
        }
    }

    private mutating func route(of graph: InferenceGraph, _ walker: RoutingObjects.GraphWalker) -> Route {
        let key = ObjectKey(namespace: graph.object.namespace, name: graph.revisionName)
        var revision = RoutedRevision(key: key, uid: graph.object.uid, service: graph.name)
        revision.totalTimeout = graph.timeout.map { .seconds($0) }
        // The services behind it have limits of their own.
        revision.firstByteTimeout = .seconds(24 * 3600)
        revision.endpoints = [
            Endpoint(podUID: graph.object.uid, podName: graph.name, address: "127.0.0.1", port: walker.port)
        ]
        table.revisions.append(revision)
        var route = Route(
            name: "InferenceGraph \(graph.key)",
            targets: [Route.Target(revision: table.revisions.count - 1, weight: 100)])
        route.fields = Array("\(walker.field): \(graph.namespace)/\(graph.name)\r\n".utf8)
        return route
    }
}
