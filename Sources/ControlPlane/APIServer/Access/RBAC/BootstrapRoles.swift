import JSONModel
import KubeAccess
import KubeModel
import ServingAPI

/// The roles that every cluster has, by the names and meanings that Kubernetes documents
/// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings), for the kinds that
/// there are here.
enum BootstrapRoles {
    static let all = clusterWide + forUsers + forServing

    static let bindings = [
        binding("cluster-admin", "cluster-admin", [Identity.masters]),
        binding("system:basic-user", "system:basic-user", [Identity.authenticated]),
        binding("system:discovery", "system:discovery", [Identity.authenticated]),
        binding(
            "system:public-info-viewer", "system:public-info-viewer",
            [Identity.authenticated, Identity.unauthenticated]),
        binding(
            "system:service-account-issuer-discovery", "system:service-account-issuer-discovery",
            ["system:serviceaccounts"]),
        binding("system:monitoring", "system:monitoring", ["system:monitoring"]),
    ]

    private static let clusterWide = [
        role("cluster-admin", PolicyRule.all),
        role(
            "system:basic-user",
            [
                create(
                    "authorization.k8s.io", ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
                create("authentication.k8s.io", ["selfsubjectreviews"]),
            ]),
        role(
            "system:discovery",
            [
                paths([
                    "/healthz", "/version", "/version/", "/livez", "/readyz", "/api", "/api/*", "/apis", "/apis/*",
                    "/openapi", "/openapi/*",
                ])
            ]),
        role("system:public-info-viewer", [paths(["/healthz", "/livez", "/readyz", "/version", "/version/"])]),
        role("system:monitoring", [paths(["/healthz", "/healthz/*", "/livez", "/livez/*", "/metrics", "/readyz"])]),
        role(
            "system:service-account-issuer-discovery",
            [
                paths([
                    "/.well-known/openid-configuration", "/.well-known/openid-configuration/", "/openid/v1/jwks",
                    "/openid/v1/jwks/",
                ])
            ]),
        role(
            "system:auth-delegator",
            [
                create("authentication.k8s.io", ["tokenreviews"]),
                create("authorization.k8s.io", ["subjectaccessreviews"]),
            ]),
    ]

    static func role(_ name: String, _ rules: [PolicyRule], labels: [String: String] = [:]) -> Object {
        var role = Object(.clusterRoles, name: name, ["rules": .array(rules.map(\.json))])
        role.labels = labels
        return role
    }

    /// A role whose rules are those of all roles with the label.
    static func aggregated(_ name: String, from label: String, labels: [String: String] = [:]) -> Object {
        var role = role(name, [], labels: labels)
        role.json["aggregationRule"] = ["clusterRoleSelectors": [["matchLabels": .object([label: "true"])]]]
        return role
    }

    private static func binding(_ name: String, _ role: String, _ groups: [String]) -> Object {
        let api: JSONValue = .string(Resource.roles.group)
        return Object(
            .clusterRoleBindings, name: name,
            [
                "roleRef": ["apiGroup": api, "kind": "ClusterRole", "name": .string(role)],
                "subjects": .array(groups.map { ["apiGroup": api, "kind": "Group", "name": .string($0)] }),
            ])
    }

    private static func create(_ group: String, _ resources: [String]) -> PolicyRule {
        PolicyRule(verbs: ["create"], apiGroups: [group], resources: resources)
    }

    private static func paths(_ paths: [String]) -> PolicyRule { PolicyRule(verbs: ["get"], nonResourceURLs: paths) }
}
