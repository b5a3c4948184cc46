package import KubeModel
import ServingAPI

/// What became of an AuthConfig when routes were last compiled.
package struct AuthConfigReport: Sendable, Hashable {
    package let config: ObjectKey
    package let generation: Int
    /// Why it protects nothing and closes what it names; `nil`: it is in force.
    package let problem: String?
    /// Its hosts, as it names them.
    package let hosts: [String]
    /// Those at which something is served that it protects.
    package let linkedHosts: [String]
    package let identities: Int
    package let metadata: Int
    package let authorizations: Int
    /// Headers and dynamic metadata.
    package let responses: Int
}

extension AuthConfigReport {
    /// - Parameter routes: those for which it was chosen.
    init(_ config: ReadConfig, protecting routes: [RouteSubject]) {
        self.config = config.object.key
        generation = config.object.generation
        problem = config.problem
        hosts = config.rules.hosts
        linkedHosts = config.rules.hosts.filter { host in
            let pattern = HostPatterns([host])
            return routes.contains { route in route.hosts.contains { pattern.rank($0) != nil } }
        }
        identities = config.rules.identities.count
        metadata = config.rules.metadata.count
        responses = config.rules.headers.count + config.rules.dynamicMetadata.count
        authorizations = config.rules.authorizations.count
    }
}
