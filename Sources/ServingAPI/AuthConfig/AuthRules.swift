package import KubeModel

/// An AuthConfig, read: what has to hold for a request to the hosts that it names.
package struct AuthRules: Sendable {
    package var hosts: [String] = []
    /// Where it does not hold, everyone may call.
    package var conditions: [AuthPredicate] = []
    /// In the order of their priority and name.
    package var identities: [Identity] = []
    package var authorizations: [Authorization] = []
    package var unauthenticated = DenyWith()
    package var unauthorized = DenyWith()
    /// Fields for the server.
    package var headers: [(name: String, value: AuthValue)] = []
    /// Issuer and audience of tokens are not looked at, as Authorino does not.
    package var isLenient = false

    /// One way of telling who calls.
    package struct Identity: Sendable {
        package var name: String
        package var place: CredentialPlace
        package var method: Method
        package var conditions: [AuthPredicate]
    }

    package enum Method: Sendable {
        case apiKey(LabelSelector)
        /// Exactly one of both addresses.
        case webToken(issuer: String?, keys: String?, audiences: [String], refresh: Int)
        case introspection(endpoint: String, tokenType: String, credentials: String)
        case tokenReview(audiences: [String])
        case plain(AuthValue)
        case anonymous
    }

    /// Where a request has its credential.
    package enum CredentialPlace: Sendable, Hashable {
        /// `Authorization: <prefix> <credential>`
        case authorization(prefix: String)
        /// A header, by its name in lower case.
        case header(String)
        case query(String)
        case cookie(String)
    }

    /// One thing that a caller must be allowed.
    package struct Authorization: Sendable {
        package var name: String
        package var rule: Rule
        package var conditions: [AuthPredicate]
    }

    package enum Rule: Sendable {
        case patterns([AuthPredicate])
        case access(AccessRule)
    }

    /// A SubjectAccessReview.
    package struct AccessRule: Sendable {
        package var user: AuthValue
        package var groups: AuthValue?
        /// By the names of `resourceAttributes`; empty: the request's path and method.
        package var attributes: [String: AuthValue]
    }

    /// What those who are not let in are answered.
    package struct DenyWith: Sendable {
        package var code: Int?
        package var message: AuthValue?
        package var headers: [(name: String, value: AuthValue)] = []
        package var body: AuthValue?

        package init() {}
    }
}

extension AuthRules {
    /// Whether all of it depends on nothing but the credential: an answer then is good for the next request with it.
    package var isAboutCaller: Bool {
        conditions.allSatisfy(\.isAboutCaller) && identities.allSatisfy(\.isAboutCaller)
            && authorizations.allSatisfy(\.isAboutCaller) && unauthenticated.isAboutCaller
            && unauthorized.isAboutCaller && headers.allSatisfy { $0.value.isAboutCaller }
    }
}

extension AuthRules.DenyWith {
    fileprivate var isAboutCaller: Bool {
        let values: [AuthValue?] = [message, body] + headers.map { $0.value }
        return values.allSatisfy { $0?.isAboutCaller ?? true }
    }
}

extension AuthRules.Identity {
    fileprivate var isAboutCaller: Bool {
        guard conditions.allSatisfy(\.isAboutCaller) else { return false }
        return switch method {
        // Whom a token must be for is by default the host of the request.
        case .tokenReview(let audiences): !audiences.isEmpty
        case .plain: false
        case .apiKey, .webToken, .introspection, .anonymous: true
        }
    }
}

extension AuthRules.Authorization {
    fileprivate var isAboutCaller: Bool {
        guard conditions.allSatisfy(\.isAboutCaller) else { return false }
        switch rule {
        case .patterns(let patterns): return patterns.allSatisfy(\.isAboutCaller)
        case .access(let access): return access.isAboutCaller
        }
    }
}

extension AuthRules.AccessRule {
    fileprivate var isAboutCaller: Bool {
        let isGroupless = groups?.isAboutCaller ?? true
        return !attributes.isEmpty && user.isAboutCaller && isGroupless
            && attributes.values.allSatisfy(\.isAboutCaller)
    }
}
