package import KubeModel

/// An AuthConfig, read: what has to hold for a request to the hosts that it names.
package struct AuthRules: Sendable {
    package var hosts: [String] = []
    /// Where it does not hold, everyone may call.
    package var conditions: [AuthPredicate] = []
    /// Like the following in the order of their priority and name.
    package var identities: [Identity] = []
    package var metadata: [Metadata] = []
    package var authorizations: [Authorization] = []
    package var unauthenticated = DenyWith()
    package var unauthorized = DenyWith()
    /// Fields for the server.
    package var headers: [Item] = []
    /// For an Envoy that asks: what it keeps of the answer.
    package var dynamicMetadata: [Item] = []
    package var callbacks: [Callback] = []
    /// Issuer and audience of tokens are not looked at, as Authorino does not.
    package var isLenient = false

    package init() {}

    /// What all evaluators have.
    package struct Evaluator: Sendable {
        package var name: String
        package var priority: Int
        /// Where these do not hold, it is left out.
        package var conditions: [AuthPredicate]
        /// What it found is kept by this key; `nil`: it is not kept.
        package var cache: Cache?

        package init(name: String, priority: Int = 0, conditions: [AuthPredicate] = [], cache: Cache? = nil) {
            self.name = name
            self.priority = priority
            self.conditions = conditions
            self.cache = cache
        }
    }

    package struct Cache: Sendable {
        package var key: AuthValue
        /// Seconds.
        package var lifetime: Int
    }

    /// One way of telling who calls.
    package struct Identity: Sendable {
        package var evaluator: Evaluator
        package var place: CredentialPlace
        package var method: Method
        /// Members of the identity that are set whatever it has, and those that are set where it lacks them.
        package var overrides: [(name: String, value: AuthValue)] = []
        package var defaults: [(name: String, value: AuthValue)] = []

        package var name: String { evaluator.name }
        package var conditions: [AuthPredicate] { evaluator.conditions }
    }

    package enum Method: Sendable {
        case apiKey(LabelSelector)
        /// Exactly one of both addresses.
        case webToken(issuer: String?, keys: String?, audiences: [String], refresh: Int)
        case introspection(endpoint: String, tokenType: String, credentials: String)
        case tokenReview(audiences: [String])
        /// A client's certificate of one of the authorities that Secrets hold.
        case certificate(LabelSelector)
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

    /// Something more that is found out about the request. What is not found out is missing, and not an error.
    package struct Metadata: Sendable {
        package var evaluator: Evaluator
        package var source: MetadataSource
    }

    package enum MetadataSource: Sendable {
        case http(HTTPCall)
        /// OpenID Connect's, of the issuer of the identity with this name.
        case userInfo(identity: String)
        /// The resources at a UMA 2.0 server whose address the request has.
        case resources(endpoint: String, credentials: String)
    }

    /// One thing that a caller must be allowed.
    package struct Authorization: Sendable {
        package var evaluator: Evaluator
        package var rule: Rule

        package var name: String { evaluator.name }
        package var conditions: [AuthPredicate] { evaluator.conditions }
    }

    package enum Rule: Sendable {
        case patterns([AuthPredicate])
        case access(AccessRule)
        /// A document of an Open Policy Agent, which must be `true` or have `allow` so.
        case policyAgent(endpoint: String, secret: SecretReference?)
        case relation(RelationRule)
    }

    /// A SubjectAccessReview.
    package struct AccessRule: Sendable {
        package var user: AuthValue
        package var groups: AuthValue?
        /// By the names of `resourceAttributes`; empty: the request's path and method.
        package var attributes: [String: AuthValue]
    }

    /// A permission that SpiceDB knows of.
    package struct RelationRule: Sendable {
        /// Of its HTTP API.
        package var endpoint: String
        package var secret: SecretReference?
        package var subject: (kind: AuthValue, name: AuthValue)
        package var resource: (kind: AuthValue, name: AuthValue)
        package var permission: AuthValue
    }

    /// A member of a Secret in the AuthConfig's namespace.
    package struct SecretReference: Sendable, Hashable {
        package var name: String
        package var key: String

        package init(name: String, key: String) {
            self.name = name
            self.key = key
        }
    }

    /// Something that the server or an Envoy is told.
    package struct Item: Sendable {
        package var evaluator: Evaluator
        package var key: String
        package var content: Content
    }

    package enum Content: Sendable {
        case plain(AuthValue)
        case json([(name: String, value: AuthValue)])
        case wristband(Wristband)
    }

    /// A token that Martlet makes of what was found out.
    package struct Wristband: Sendable {
        package var issuer: String
        /// Seconds.
        package var lifetime: Int
        package var claims: [(name: String, value: AuthValue)]
        /// With `key.pem`.
        package var secret: String
    }

    package struct Callback: Sendable {
        package var evaluator: Evaluator
        package var call: HTTPCall
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
    /// No field may be set by which a message is framed or routed.
    package static func isSettable(header name: String) -> Bool {
        let framing: Set = ["host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "trailer"]
        return !name.isEmpty && !framing.contains(name.lowercased())
            && name.utf8.allSatisfy {
                $0 < 128
                    && (Character(Unicode.Scalar($0)).isLetter || Character(Unicode.Scalar($0)).isNumber
                        || $0 == UInt8(ascii: "-"))
            }
    }
}
