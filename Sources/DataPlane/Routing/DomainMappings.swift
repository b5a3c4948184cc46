import KubeModel
import ServingAPI

extension RoutingCompiler {
    /// A mapping that has the claim to its host answers there as the service does that it names. A host that is a
    /// service's own already stays that service's.
    mutating func addDomainMappings(_ objects: [Object]) {
        for mapping in objects where mapping.condition("DomainClaimed")?.isTrue == true {
            guard let reference = DomainReference(mapping), case .route(let route)? = table.hosts[reference.clusterHost]
            else { continue }
            table.addHost(mapping.name, route: route)
        }
    }
}

extension RoutingTable {
    /// Whether requests for `host` go where those for `target`, another host, go.
    package func leads(host: String, to target: String) -> Bool {
        guard let route = hosts[host] else { return false }
        return route == hosts[target]
    }
}
