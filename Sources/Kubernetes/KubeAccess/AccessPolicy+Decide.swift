/// Whether a request may be made.
package struct AccessDecision: Sendable, Hashable {
    package var isAllowed: Bool
    /// By which binding it is allowed, or what is wrong with the bindings that might allow it; empty where nothing is.
    package var reason: String

    package init(isAllowed: Bool, reason: String = "") {
        self.isAllowed = isAllowed
        self.reason = reason
    }
}

// The rules of RBAC, as https://kubernetes.io/docs/reference/access-authn-authz/rbac/ documents them. Pure.
extension AccessPolicy {
    /// Whatever no rule allows is denied.
    package func decide(_ identity: Identity, _ attributes: AccessAttributes) -> AccessDecision {
        if identity.isMaster { return AccessDecision(isAllowed: true) }
        var allowing: Grant?
        var missing: [Key] = []
        visit(identity, namespace: attributes.namespace) { grant in
            guard let held = self.rules(of: grant.role) else {
                missing.append(grant.role)
                return true
            }
            if held.contains(where: { $0.allows(attributes) }) { allowing = grant }
            return allowing == nil
        }
        if let allowing { return AccessDecision(isAllowed: true, reason: allowing.reason) }
        return AccessDecision(isAllowed: false, reason: Self.reason(missing))
    }

    /// All that `identity` may do in `namespace` (empty: outside of namespaces).
    package func rules(for identity: Identity, namespace: String) -> [PolicyRule] {
        if identity.isMaster { return PolicyRule.all }
        var seen: Set<PolicyRule> = []
        var all: [PolicyRule] = []
        visit(identity, namespace: namespace) { grant in
            all += (self.rules(of: grant.role) ?? []).filter { seen.insert($0).inserted }
            return true
        }
        return all
    }

    private static func reason(_ missing: [Key]) -> String {
        guard !missing.isEmpty else { return "" }
        let names = missing.map { role in
            "\(role.namespace.isEmpty ? "clusterrole" : "role").rbac.authorization.k8s.io \"\(role.name)\" not found"
        }
        return "RBAC: " + (names.count == 1 ? names[0] : "[\(names.joined(separator: ", "))]")
    }
}

extension AccessPolicy.Grant {
    /// As in the status of a SubjectAccessReview.
    package var reason: String {
        let bindingName =
            binding.namespace.isEmpty
            ? "ClusterRoleBinding \"\(binding.name)\"" : "RoleBinding \"\(binding.name)/\(binding.namespace)\""
        let roleKind = role.namespace.isEmpty ? "ClusterRole" : "Role"
        return "RBAC: allowed by \(bindingName) of \(roleKind) \"\(role.name)\" to \(subject.text)"
    }
}
