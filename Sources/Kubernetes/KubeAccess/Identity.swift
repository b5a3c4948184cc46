/// Who makes a request, as it was proven: Kubernetes' `user.Info`.
package struct Identity: Sendable, Hashable {
    package var user: String
    /// Tells users of one name apart over time; empty where there is none.
    package var uid: String
    package var groups: [String]
    /// What else the proof said, by keys such as `authentication.kubernetes.io/pod-name`.
    package var extra: [String: [String]]

    package init(user: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        self.user = user
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }
}

extension Identity {
    /// Whose members may do everything, whatever the rules say.
    package static let masters = "system:masters"
    /// All who proved who they are.
    package static let authenticated = "system:authenticated"
    /// All who did not.
    package static let unauthenticated = "system:unauthenticated"
    /// Nobody in particular.
    package static let anonymous = Identity(user: "system:anonymous", groups: [unauthenticated])

    package var isAnonymous: Bool { user == Self.anonymous.user }
    package var isMaster: Bool { groups.contains(Self.masters) }

    /// A ServiceAccount, as its tokens say it is.
    package static func serviceAccount(
        namespace: String, name: String, uid: String, extra: [String: [String]] = [:]
    ) -> Identity {
        Identity(
            user: serviceAccountUser(namespace: namespace, name: name), uid: uid,
            groups: serviceAccountGroups(namespace: namespace) + [authenticated], extra: extra)
    }

    /// `system:serviceaccount:<namespace>:<name>`
    package static func serviceAccountUser(namespace: String, name: String) -> String {
        "system:serviceaccount:\(namespace):\(name)"
    }

    package static func serviceAccountGroups(namespace: String) -> [String] {
        ["system:serviceaccounts", "system:serviceaccounts:\(namespace)"]
    }

    /// Namespace and name, if `user` is that of a ServiceAccount.
    package static func serviceAccount(ofUser user: String) -> (namespace: String, name: String)? {
        let parts = user.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount", !parts[2].isEmpty,
            !parts[3].isEmpty
        else { return nil }
        return (String(parts[2]), String(parts[3]))
    }
}
