package import JSONModel
package import KubeModel

/// The objects by which a caller of one InferenceService gets a token, named as OpenShift AI's dashboard names them, so
/// that either shows what the other made.
package struct ServiceToken: Sendable {
    /// Stored: it owns the objects.
    package let service: Object

    package init(_ service: Object) { self.service = service }

    package var account: ObjectKey { key("\(service.name)-sa") }

    private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: service.namespace, name: name) }

    /// ServiceAccount, Role and RoleBinding: they are the same for all tokens of a service.
    package var holder: [(resource: Resource, object: Object)] {
        let role = key("\(service.name)-view-role")
        return [
            (.serviceAccounts, owned(.serviceAccounts, account)),
            (
                .roles,
                owned(
                    .roles, role,
                    [
                        "rules": [
                            [
                                "apiGroups": ["serving.kserve.io"], "resources": ["inferenceservices"],
                                "resourceNames": [.string(service.name)], "verbs": ["get"],
                            ]
                        ]
                    ])
            ),
            (
                .roleBindings,
                owned(
                    .roleBindings, key("\(service.name)-view"),
                    [
                        "roleRef": [
                            "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": .string(role.name),
                        ],
                        "subjects": [
                            [
                                "kind": "ServiceAccount", "name": .string(account.name),
                                "namespace": .string(service.namespace ?? ""),
                            ]
                        ],
                    ])
            ),
        ]
    }

    /// The Secret of one token: what it is known by, and what it ends with.
    ///
    /// - Parameters:
    ///   - name: as a person calls the token.
    ///   - end: of a token that is asked for, RFC 3339: the Secret does not hold it, and only stands for it; `nil` for
    ///     one that the API fills in, and that lasts as long as the Secret.
    package func secret(_ name: String, end: String? = nil) -> Object {
        var secret = owned(.secrets, secretKey(name))
        secret.json["type"] = .string(end == nil ? Self.secretType : "Opaque")
        secret.labels = [Self.dashboardLabel: "true"]
        secret.annotations = [Self.accountName: account.name, Self.displayName: name]
        if let end { secret.annotations[Self.end] = end }
        return secret
    }

    package func secretKey(_ name: String) -> ObjectKey { key("\(name)-\(account.name)") }

    /// Whether `secret` is one of a token of this service.
    package func isToken(_ secret: Object) -> Bool {
        secret.annotations[Self.accountName] == account.name
            && (secret.json["type"]?.stringValue == Self.secretType || secret.annotations[Self.end] != nil)
    }

    /// What a TokenRequest asks for: a token that ends at a time, and with its Secret.
    package func request(seconds: Int, secret: Object) -> JSONValue {
        [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
            "spec": [
                "expirationSeconds": .number(JSONNumber(seconds)),
                "boundObjectRef": [
                    "apiVersion": "v1", "kind": "Secret", "name": .string(secret.name), "uid": .string(secret.uid),
                ],
            ],
        ]
    }

    package static let secretType = "kubernetes.io/service-account-token"
    package static let accountName = "kubernetes.io/service-account.name"
    package static let displayName = "openshift.io/display-name"
    package static let dashboardLabel = "opendatahub.io/dashboard"
    /// Annotation: when a token ends, RFC 3339.
    package static let end = "martlet.dev/token-expires"

    private func owned(_ resource: Resource, _ key: ObjectKey, _ body: JSONObject = [:]) -> Object {
        var object = Object(resource, namespace: key.namespace, name: key.name, body)
        object.ownerReferences = [OwnerReference(controller: service)]
        return object
    }
}
