package import KubeModel

extension RoutingTable {
    /// How the requests for a host (without a port) are split: the weight of each revision that gets any. Empty where the
    /// host is not known, or nothing is ready behind it.
    package func shares(host: String) -> [ObjectKey: Int] {
        let index: Int
        switch destination(host: Array(host.utf8).span, path: [UInt8(ascii: "/")].span) {
        case .route(let route, _): index = route
        case .rules(let rules):
            guard let last = hostRules[rules].rules.last, last.match.isCatchAll else { return [:] }
            index = last.route
        default: return [:]
        }
        let targets = routes[index].targets.filter { $0.revision != Route.nowhere }
        return Dictionary(targets.map { (revisions[$0.revision].key, $0.weight) }, uniquingKeysWith: +)
    }
}
