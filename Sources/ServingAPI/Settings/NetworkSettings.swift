import KubeModel

/// Knative's `config-network`: hosts, and how fast traffic moves to a new revision.
package struct NetworkSettings: PlatformSettings {
    package static let configMap = "config-network"

    /// The host of a route.
    package var domainTemplate = HostTemplate.route
    /// What stands for the route's name in the host of a tag.
    package var tagTemplate = HostTemplate.tag
    /// How long traffic takes to move to a new revision; zero: it moves at once.
    package var rolloutDuration: Duration = .zero

    /// Whether a DomainMapping makes the claim to its host itself, where nobody has one.
    package var autocreateDomainClaims = false
    /// What becomes of requests without TLS, where the gateway has a port with it.
    package var httpProtocol = HTTPProtocol.enabled

    package init(_ entries: inout ConfigEntries) {
        entries.read("http-protocol", into: &httpProtocol, "must be Enabled or Redirected") { HTTPProtocol($0) }
        entries.template("domain-template", into: &domainTemplate, .route)
        entries.template("tag-template", into: &tagTemplate, .tag)
        entries.flag("autocreate-cluster-domain-claims", into: &autocreateDomainClaims)
        entries.read("rollout-duration", into: &rolloutDuration, "must be whole seconds, 0 or more, as in 120s") {
            text in
            GoDuration.seconds(text).flatMap { $0 >= 0 && $0.rounded() == $0 ? .seconds($0) : nil }
        }
    }
}

package enum HTTPProtocol: String, Sendable, Hashable {
    case enabled, redirected

    /// - Parameter text: in either case.
    package init?(_ text: String) { self.init(rawValue: text.lowercased()) }
}

extension ConfigEntries {
    /// - Parameter standard: whose variables may be used.
    mutating func template(_ key: String, into template: inout HostTemplate, _ standard: HostTemplate) {
        guard let text = text(key) else { return }
        switch HostTemplate.parse(text, variables: standard.variables) {
        case .success(let parsed): template = parsed
        case .failure(let problem): reject(key, problem.why)
        }
    }
}
