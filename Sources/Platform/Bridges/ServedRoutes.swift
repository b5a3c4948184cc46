import KubeModel
import Routing
import ServingControllers
import Synchronization

/// What the gateway serves, for the controllers: a route is ready when the table that the gateway has leads there.
final class ServedRoutes: RouteProbe {
    private let table = Mutex(RoutingTable())

    func took(_ new: RoutingTable) { table.withLock { $0 = new } }

    func serves(host: String, namespace: String, revision: String) -> Bool {
        shares(host)[ObjectKey(namespace: namespace, name: revision)] != nil
    }

    func splits(host: String, namespace: String, shares expected: [String: Int]) -> Bool {
        let named = expected.map { (ObjectKey(namespace: namespace, name: $0.key), $0.value) }
        return shares(host) == Dictionary(uniqueKeysWithValues: named)
    }

    func leads(host: String, to target: String) -> Bool { table.withLock { $0 }.leads(host: host, to: target) }

    private func shares(_ host: String) -> [ObjectKey: Int] { table.withLock { $0 }.shares(host: host) }
}
