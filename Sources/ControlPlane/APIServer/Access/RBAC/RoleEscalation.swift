import JSONModel
import KubeAccess
import KubeModel
import ServingAPI

/// Keeps those who may write roles and bindings from giving themselves, or others, more than they have.
///
/// A role may only be written by one who holds all its rules, or has the verb `escalate` on it; a binding by one who
/// holds all rules of its role, or has the verb `bind` on that.
struct RoleEscalation: Sendable {
    let identity: Identity
    let policy: AccessPolicy

    /// What checks the writes to `resource`; `nil` for resources that give no rights.
    static func review(
        _ resource: Resource, by identity: Identity, _ authorizer: Authorizer
    ) -> (@Sendable (_ object: Object, _ old: Object?) throws(Status) -> Void)? {
        guard resource.group == Resource.roles.group, !identity.isMaster else { return nil }
        return { object, old throws(Status) in
            let check = RoleEscalation(identity: identity, policy: authorizer.policy)
            switch resource {
            case .roles, .clusterRoles: try check.role(object, old, resource)
            case .roleBindings, .clusterRoleBindings: try check.binding(object, old, resource)
            default: break
            }
        }
    }

    private func role(_ role: Object, _ old: Object?, _ resource: Resource) throws(Status) {
        if let old, old.json["rules"] == role.json["rules"],
            old.json["aggregationRule"] == role.json["aggregationRule"]
        {
            return
        }
        let escalate = AccessAttributes(
            verb: "escalate", group: resource.group, resource: resource.plural, namespace: role.namespace ?? "",
            name: role.name)
        if policy.decide(identity, escalate).isAllowed { return }
        // Whoever chooses by labels chooses rules that are not there yet: any.
        let isAggregated = role.json["aggregationRule"]?.objectValue != nil
        let rules = (role.json["rules"]?.arrayValue ?? []).map(PolicyRule.init)
        try require(isAggregated ? PolicyRule.all : rules, to: role, resource)
    }

    private func binding(_ binding: Object, _ old: Object?, _ resource: Resource) throws(Status) {
        if let old, old.json["subjects"] == binding.json["subjects"], old.json["roleRef"] == binding.json["roleRef"] {
            return
        }
        let isLocal = binding["roleRef", "kind"] == "Role"
        let name = binding["roleRef", "name"]?.stringValue ?? ""
        let bind = AccessAttributes(
            verb: "bind", group: resource.group, resource: isLocal ? "roles" : "clusterroles",
            namespace: binding.namespace ?? "", name: name)
        if policy.decide(identity, bind).isAllowed { return }
        let key = AccessPolicy.Key(namespace: isLocal ? binding.namespace ?? "" : "", name: name)
        guard let rules = policy.rules(of: key) else { throw .notFound(isLocal ? .roles : .clusterRoles, name) }
        try require(rules, to: binding, resource)
    }

    private func require(_ rules: [PolicyRule], to object: Object, _ resource: Resource) throws(Status) {
        let held = policy.rules(for: identity, namespace: object.namespace ?? "")
        let missing = PolicyRule.missing(rules, heldBy: held)
        guard !missing.isEmpty else { return }
        let groups = identity.groups.map { "\"\($0)\"" }.joined(separator: " ")
        // Each part once is enough to see what is missing; a role of thousands would make a message of megabytes.
        let list = missing.prefix(32).map(\.description).joined(separator: "\n")
        throw .forbidden(
            resource, object.name,
            "user \"\(identity.user)\" (groups=[\(groups)]) is attempting to grant RBAC permissions not currently held:\n"
                + list)
    }
}
