import JSONModel
import KubeAccess
import YAMLModel

/// How much of a request is written down.
package enum AuditLevel: String, Sendable, Comparable {
    case none = "None"
    /// Who did what, when, and how it went.
    case metadata = "Metadata"
    /// And the body of the request.
    case request = "Request"
    /// And that of the response.
    case requestResponse = "RequestResponse"

    private var rank: Int {
        switch self {
        case .none: 0
        case .metadata: 1
        case .request: 2
        case .requestResponse: 3
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// Which requests are written down and how (`audit.k8s.io/v1` Policy): the first rule that matches says; a request that
/// none matches is not.
package struct AuditPolicy: Sendable {
    var rules: [AuditRule]
    var omitStages: Set<String>
    var omitManagedFields: Bool

    /// Everything, without bodies; not health, which is asked all the time.
    package static let metadata = AuditPolicy(rules: [
        AuditRule(level: .none, nonResourceURLs: ["/healthz*", "/livez*", "/readyz*"]), AuditRule(level: .metadata),
    ])

    init(rules: [AuditRule], omitStages: Set<String> = ["RequestReceived"], omitManagedFields: Bool = false) {
        self.rules = rules
        self.omitStages = omitStages
        self.omitManagedFields = omitManagedFields
    }

    /// - Parameter yaml: a Policy.
    /// - Throws: `AuditPolicyError` that says what is wrong.
    package init(yaml: String) throws {
        guard let document = try JSONValue.documents(yaml: yaml).first(where: { !$0.isNull }) else {
            throw AuditPolicyError("the audit policy is empty")
        }
        try self.init(document)
    }

    init(_ json: JSONValue) throws(AuditPolicyError) {
        guard json["apiVersion"] == "audit.k8s.io/v1", json["kind"] == "Policy" else {
            throw AuditPolicyError("the audit policy must have apiVersion audit.k8s.io/v1 and kind Policy")
        }
        let items = json["rules"]?.arrayValue ?? []
        guard !items.isEmpty else { throw AuditPolicyError("the audit policy has no rules: nothing would be logged") }
        var rules: [AuditRule] = []
        for (index, item) in items.enumerated() { rules.append(try AuditRule(item, index)) }
        self.init(
            rules: rules, omitStages: Set(json["omitStages"]?.arrayValue?.compactMap(\.stringValue) ?? []),
            omitManagedFields: json["omitManagedFields"]?.boolValue ?? false)
    }

    func rule(_ identity: Identity, _ attributes: AccessAttributes) -> AuditRule? {
        rules.first { $0.matches(identity, attributes) }
    }
}

/// What is wrong with an audit policy.
package struct AuditPolicyError: Error, CustomStringConvertible {
    package var description: String
    init(_ description: String) { self.description = description }
}
