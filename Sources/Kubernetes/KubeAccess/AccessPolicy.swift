import JSONModel
package import KubeModel

/// All roles and bindings, indexed by who they are for: a value, so that a decision sees one state of it.
package struct AccessPolicy: Sendable {
    /// A role or a binding by its namespace (empty for the cluster's) and name.
    package struct Key: Sendable, Hashable {
        package var namespace: String
        package var name: String

        package init(namespace: String, name: String) {
            self.namespace = namespace
            self.name = name
        }
    }

    /// That a binding gives a role to a subject.
    package struct Grant: Sendable, Hashable {
        package var binding: Key
        package var role: Key
        package var subject: Subject
    }

    private struct Holder: Hashable {
        var namespace: String
        var subject: Subject.Name
    }

    private var roles: [Key: [PolicyRule]] = [:]
    private var bindings: [Key: [Grant]] = [:]
    private var grants: [Holder: [Grant]] = [:]

    package init() {}

    /// Takes a Role, ClusterRole, RoleBinding or ClusterRoleBinding as it is now.
    package mutating func set(_ object: Object) {
        let key = Key(namespace: object.namespace ?? "", name: object.name)
        switch object.kind {
        case "Role", "ClusterRole": roles[key] = (object.json["rules"]?.arrayValue ?? []).map(PolicyRule.init)
        case "RoleBinding", "ClusterRoleBinding": bind(key, object)
        default: break
        }
    }

    package mutating func remove(_ object: Object) {
        let key = Key(namespace: object.namespace ?? "", name: object.name)
        switch object.kind {
        case "Role", "ClusterRole": roles[key] = nil
        case "RoleBinding", "ClusterRoleBinding": unbind(key)
        default: break
        }
    }

    private mutating func bind(_ key: Key, _ object: Object) {
        unbind(key)
        guard let role = object["roleRef", "name"]?.stringValue else { return }
        let isLocal = object["roleRef", "kind"] == "Role"
        let roleKey = Key(namespace: isLocal ? key.namespace : "", name: role)
        let subjects = (object.json["subjects"]?.arrayValue ?? []).compactMap {
            Subject($0, bindingNamespace: key.namespace)
        }
        let made = subjects.map { Grant(binding: key, role: roleKey, subject: $0) }
        bindings[key] = made
        for grant in made {
            grants[Holder(namespace: key.namespace, subject: grant.subject.name), default: []].append(grant)
        }
    }

    private mutating func unbind(_ key: Key) {
        for grant in bindings.removeValue(forKey: key) ?? [] {
            let holder = Holder(namespace: key.namespace, subject: grant.subject.name)
            grants[holder]?.removeAll { $0.binding == key }
            if grants[holder]?.isEmpty == true { grants[holder] = nil }
        }
    }

    /// The rules of a role; `nil` where there is no such role.
    package func rules(of role: Key) -> [PolicyRule]? { roles[role] }

    /// Shows `visit` every grant that holds for `identity`, those of the whole cluster first, until it says `false`.
    ///
    /// - Parameter namespace: whose bindings count too; empty for none.
    package func visit(_ identity: Identity, namespace: String, _ visit: (Grant) -> Bool) {
        for scope in namespace.isEmpty ? [""] : ["", namespace] {
            for grant in grants[Holder(namespace: scope, subject: .user(identity.user))] ?? [] {
                guard visit(grant) else { return }
            }
            for group in identity.groups {
                for grant in grants[Holder(namespace: scope, subject: .group(group))] ?? [] {
                    guard visit(grant) else { return }
                }
            }
        }
    }
}

/// To whom a binding gives its role.
package struct Subject: Sendable, Hashable {
    /// ServiceAccounts are users with names of their own.
    package enum Name: Sendable, Hashable {
        case user(String)
        case group(String)
    }

    package var name: Name
    /// `User "jane"`, `Group "system:masters"`, `ServiceAccount "default/ci"`: as in reasons.
    package var text: String

    /// `nil` for a subject of an unknown kind, which gets nothing.
    init?(_ json: JSONValue, bindingNamespace: String) {
        guard let name = json["name"]?.stringValue else { return nil }
        switch json["kind"]?.stringValue {
        case "User": (self.name, text) = (.user(name), "User \"\(name)\"")
        case "Group": (self.name, text) = (.group(name), "Group \"\(name)\"")
        case "ServiceAccount":
            let namespace = json["namespace"]?.stringValue ?? bindingNamespace
            guard !namespace.isEmpty else { return nil }
            self.name = .user(Identity.serviceAccountUser(namespace: namespace, name: name))
            text = "ServiceAccount \"\(name)/\(namespace)\""
        default: return nil
        }
    }
}
