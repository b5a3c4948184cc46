package import KubeModel

extension RoutingTable {
    /// How the requests for a host (without a port) are split: the weight of each revision that gets any. Empty where the
    /// host is not known, or nothing is ready behind it.
    package func shares(host: String) -> [ObjectKey: Int] {
        guard case .route(let index, _) = destination(host: Array(host.utf8).span, path: [UInt8(ascii: "/")].span)
        else { return [:] }
        let targets = routes[index].targets.filter { $0.revision != Route.nowhere }
        return Dictionary(targets.map { (revisions[$0.revision].key, $0.weight) }, uniquingKeysWith: +)
    }
}
