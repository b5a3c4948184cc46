import KubeAccess
import KubeModel

/// Acting as someone else, by `Impersonate-*` headers (kubectl's `--as`).
struct Impersonation: Sendable {
    /// As whom.
    let identity: Identity
    /// What the caller must be allowed to do for it.
    let required: [AccessAttributes]

    private static let authentication = "authentication.k8s.io"

    /// `nil` without such headers.
    ///
    /// - Throws: 400 where they name no user.
    init?(_ headers: [(name: String, value: String)]) throws(Status) {
        guard !headers.isEmpty else { return nil }
        func values(_ name: String) -> [String] {
            headers.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
        }
        guard let user = values("impersonate-user").first else {
            throw .badRequest("groups, uids and extras can only be impersonated together with a user")
        }
        var identity = Identity(
            user: user, uid: values("impersonate-uid").first ?? "", groups: values("impersonate-group"))
        for header in headers where header.name.hasPrefix(Self.extraPrefix) {
            let key = header.name.dropFirst(Self.extraPrefix.count).percentDecoded()
            identity.extra[key, default: []].append(header.value)
        }
        required = Self.required(identity)
        if identity.groups.isEmpty, let account = Identity.serviceAccount(ofUser: user) {
            identity.groups = Identity.serviceAccountGroups(namespace: account.namespace)
        }
        let implied = identity.isAnonymous ? Identity.unauthenticated : Identity.authenticated
        if !identity.groups.contains(implied) { identity.groups.append(implied) }
        self.identity = identity
    }

    private static let extraPrefix = "impersonate-extra-"

    private static func required(_ identity: Identity) -> [AccessAttributes] {
        var required: [AccessAttributes] = []
        if let account = Identity.serviceAccount(ofUser: identity.user) {
            required.append(
                AccessAttributes(
                    verb: "impersonate", resource: "serviceaccounts", namespace: account.namespace,
                    name: account.name))
        } else {
            required.append(AccessAttributes(verb: "impersonate", resource: "users", name: identity.user))
        }
        required += identity.groups.map { AccessAttributes(verb: "impersonate", resource: "groups", name: $0) }
        if !identity.uid.isEmpty {
            required.append(
                AccessAttributes(verb: "impersonate", group: authentication, resource: "uids", name: identity.uid))
        }
        for (key, values) in identity.extra.sorted(by: { $0.key < $1.key }) {
            required += values.map {
                AccessAttributes(
                    verb: "impersonate", group: authentication, resource: "userextras", subresource: key, name: $0)
            }
        }
        return required
    }
}
