package import KubeModel
package import ServingAPI

/// Istio's policies, and those whom they may ask.
package struct MeshObjects: Sendable {
    package var authorizationPolicies: [Object] = []
    package var requestAuthentications: [Object] = []
    package var peerAuthentications: [Object] = []
    package var providers: [CheckProvider] = []

    package init() {}

    package var isEmpty: Bool {
        authorizationPolicies.isEmpty && requestAuthentications.isEmpty && peerAuthentications.isEmpty
    }
}

/// The policies, read: made once for a table of routes.
struct MeshPolicies: Sendable {
    private typealias Known<Rules> = (
        key: ObjectKey, version: String, target: PolicyTarget, rules: Rules, problem: String?
    )

    private let authorizations: [Known<AuthorizationRules>]
    private let tokens: [Known<TokenRules>]
    private let peers: [Known<PeerRules>]
    private let providers: [String: CheckProvider]

    init(_ objects: MeshObjects) {
        authorizations = objects.authorizationPolicies.map { Self.known($0, AuthorizationRules.read($0)) }
        tokens = objects.requestAuthentications.map { Self.known($0, TokenRules.read($0)) }
        peers = objects.peerAuthentications.map { Self.known($0, PeerRules.read($0)) }
        providers = Dictionary(objects.providers.map { ($0.name, $0) }) { first, _ in first }
    }

    private static func known<Rules>(
        _ object: Object, _ read: (rules: Rules, target: PolicyTarget, problems: [Status.Cause])
    ) -> Known<Rules> {
        let problem = read.problems.first.map { "\(object.kind) \(object.key) is not valid: \($0.message)" }
        return (
            object.key, "\(object.kind) \(object.key) \(object.uid) \(object.resourceVersion)", read.target, read.rules,
            problem
        )
    }

    /// What is said of a workload.
    ///
    /// - Returns: `nil` rules where nothing is; `versions` are of all that says something.
    func rules(for workload: Workload) -> (rules: MeshRules?, versions: [String], problem: String?) {
        let authorizations = authorizations.filter { $0.target.covers(workload) }
        let tokens = tokens.filter { $0.target.covers(workload) }
        let peers = peers.filter { $0.target.covers(workload) }
        let versions = authorizations.map(\.version) + tokens.map(\.version) + peers.map(\.version)
        guard !versions.isEmpty else { return (nil, [], nil) }
        let problem =
            (authorizations.compactMap(\.problem) + tokens.compactMap(\.problem) + peers.compactMap(\.problem)).first
        var rules = MeshRules()
        rules.tokens = tokens.flatMap { $0.rules.issuers }
        for policy in authorizations.map(\.rules) {
            switch policy.action {
            case .allow: rules.allowances.append(policy)
            case .deny: rules.denials.append(policy)
            case .audit: rules.audits.append(policy)
            case .custom(let name): rules.customs.append(.init(rules: policy, authority: authority(name)))
            }
        }
        // The most exact one that says something: of several the first by name.
        for known in peers.sorted(by: { (Self.width($0.target), $0.key) < (Self.width($1.target), $1.key) }) {
            if rules.peers == .unset { rules.peers = known.rules.mode }
            rules.peersByPort.merge(known.rules.ports.filter { $0.value != .unset }) { first, _ in first }
        }
        return (rules, versions, problem)
    }

    private static func width(_ target: PolicyTarget) -> Int { target.isSelective ? 0 : target.isRoot ? 2 : 1 }

    private func authority(_ name: String) -> MeshRules.Custom.Authority {
        if let provider = providers[name] { return .other(provider) }
        return CheckProvider.own.contains(name) ? .own : .unknown(name)
    }

    /// What the providers say, for telling whether it has changed.
    var providerVersions: [CheckProvider] { providers.values.sorted { $0.name < $1.name } }
}
