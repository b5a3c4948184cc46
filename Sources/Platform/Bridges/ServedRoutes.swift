import KubeModel
import Routing
import ServingControllers
import Synchronization

/// What the gateway serves, for the controllers: a route is ready when the table that the gateway has leads there.
final class ServedRoutes: RouteProbe {
    private let table = Mutex(RoutingTable())

    func took(_ new: RoutingTable) { table.withLock { $0 = new } }

    func serves(host: String, namespace: String, revision: String) -> Bool {
        let table = table.withLock { $0 }
        guard case .route(let index, _) = table.destination(host: Array(host.utf8).span, path: [UInt8(ascii: "/")].span)
        else { return false }
        let key = ObjectKey(namespace: namespace, name: revision)
        return table.routes[index].targets.contains { table.revisions[$0.revision].key == key }
    }
}
