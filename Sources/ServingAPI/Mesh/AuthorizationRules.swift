/// An AuthorizationPolicy, read.
package struct AuthorizationRules: Sendable {
    package enum Action: Sendable, Hashable {
        case allow
        case deny
        /// Marks only.
        case audit
        /// Asks the provider of this name.
        case custom(provider: String)
    }

    /// `default/viewers`
    package var name = ""
    package var action = Action.allow
    /// It is logged what it would do.
    package var isDryRun = false
    package var rules: [Rule] = []

    /// Holds where one of `sources`, one of `operations` and all `conditions` do; what is empty asks for nothing.
    package struct Rule: Sendable {
        package var sources: [Test] = []
        package var operations: [Test] = []
        package var conditions: [Attribute] = []
    }

    /// Holds where all its attributes do.
    package struct Test: Sendable {
        package var attributes: [Attribute] = []
    }

    /// One of `values` must match, and none of `others`.
    package struct Attribute: Sendable {
        package var place: Place
        /// `nil`: any.
        package var values: [Pattern]?
        package var others: [Pattern] = []
    }

    package enum Pattern: Sendable {
        case text(StringPattern)
        case path(PathPattern)
        case block(AddressBlock)

        func matches(_ text: String) -> Bool {
            switch self {
            case .text(let pattern): pattern.matches(text)
            case .path(let pattern): pattern.matches(text)
            case .block(let block): block.contains(text)
            }
        }
    }

    /// Where an attribute's values are.
    package enum Place: Sendable, Hashable {
        case principal, namespace, account, trustDomain
        case requestPrincipal, audiences, presenter
        case claim([String])
        case peerAddress, remoteAddress, destinationAddress
        case port, host, method, path
        /// By its name in lower case.
        case header(String)
    }

    package init() {}

    package func matches(_ call: CallAttributes) -> Bool { rules.contains { $0.matches(call) } }

    /// Whether a token has to be looked at.
    package var looksAtToken: Bool {
        rules.contains { rule in
            let tests = (rule.sources + rule.operations).flatMap(\.attributes) + rule.conditions
            return tests.contains { $0.place.isOfToken }
        }
    }
}

extension AuthorizationRules.Rule {
    func matches(_ call: CallAttributes) -> Bool {
        (sources.isEmpty || sources.contains { $0.matches(call) })
            && (operations.isEmpty || operations.contains { $0.matches(call) })
            && conditions.allSatisfy { $0.matches(call) }
    }
}

extension AuthorizationRules.Test {
    func matches(_ call: CallAttributes) -> Bool { attributes.allSatisfy { $0.matches(call) } }
}

extension AuthorizationRules.Attribute {
    /// What is not there matches no value, and so neither those that must not match.
    func matches(_ call: CallAttributes) -> Bool {
        let found = place.values(in: call)
        func isAmong(_ patterns: [AuthorizationRules.Pattern]) -> Bool {
            found.contains { value in patterns.contains { $0.matches(value) } }
        }
        return values.map(isAmong) ?? true && !isAmong(others)
    }
}

extension AuthorizationRules.Place {
    fileprivate var isOfToken: Bool {
        switch self {
        case .requestPrincipal, .audiences, .presenter, .claim: true
        default: false
        }
    }

    fileprivate func values(in call: CallAttributes) -> [String] {
        switch self {
        case .principal: one(call.principal?.name)
        case .namespace: one(call.principal?.namespace)
        case .account: one(call.principal.flatMap { peer in peer.account.map { "\(peer.namespace ?? "")/\($0)" } })
        case .trustDomain: one(call.principal?.trustDomain)
        case .requestPrincipal: one(call.tokenPrincipal)
        case .audiences: call.claim(["aud"])
        case .presenter: call.claim(["azp"])
        case .claim(let steps): call.claim(steps)
        case .peerAddress: one(call.peerAddress)
        case .remoteAddress: one(call.remoteAddress)
        case .destinationAddress: one(call.destinationAddress)
        case .port: one(String(call.destinationPort))
        case .host: one(call.host.lowercased())
        case .method: one(call.method)
        case .path: one(call.path)
        case .header(let name): one(call.header(name))
        }
    }

    private func one(_ value: String?) -> [String] { value.map { [$0] } ?? [] }
}
