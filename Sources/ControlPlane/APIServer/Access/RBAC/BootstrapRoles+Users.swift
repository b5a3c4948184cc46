import KubeAccess
import KubeModel

// admin, edit and view: what people are given, in one namespace by a RoleBinding or in all by a ClusterRoleBinding. Each
// is made of the roles that bear its label, to which any user's CustomResourceDefinitions can add theirs.
extension BootstrapRoles {
    private static let prefix = "rbac.authorization.k8s.io/aggregate-to-"
    private static let toAdmin = "\(prefix)admin"
    private static let toEdit = "\(prefix)edit"
    private static let toView = "\(prefix)view"

    private static let read = ["get", "list", "watch"]
    private static let write = ["create", "delete", "deletecollection", "patch", "update"]

    static let forUsers = [
        aggregated("admin", from: toAdmin),
        aggregated("edit", from: toEdit, labels: [toAdmin: "true"]),
        aggregated("view", from: toView, labels: [toEdit: "true"]),
        role("system:aggregate-to-admin", adminRules, labels: [toAdmin: "true"]),
        role("system:aggregate-to-edit", editRules, labels: [toEdit: "true"]),
        role("system:aggregate-to-view", viewRules, labels: [toView: "true"]),
    ]

    private static let adminRules = [
        rule(["create"], "authorization.k8s.io", ["localsubjectaccessreviews"]),
        rule(write + read, "rbac.authorization.k8s.io", ["roles", "rolebindings"]),
    ]

    /// Whoever runs pods as a ServiceAccount may be it, and may read what pods read.
    private static let editRules = [
        rule(read, "", ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"]),
        rule(["impersonate"], "", ["serviceaccounts"]),
        rule(
            write, "",
            [
                "pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "configmaps", "events",
                "persistentvolumeclaims", "secrets", "serviceaccounts", "services", "services/proxy",
            ]),
        rule(["create"], "", ["serviceaccounts/token", "pods/eviction"]),
        rule(write, "apps", ["deployments", "deployments/scale", "replicasets", "replicasets/scale"]),
        rule(write, "autoscaling", ["horizontalpodautoscalers"]),
        rule(write + read, "coordination.k8s.io", ["leases"]),
    ]

    /// No Secrets: whoever reads them has what they open.
    private static let viewRules = [
        rule(
            read, "",
            [
                "configmaps", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods", "serviceaccounts",
                "services", "services/status", "events", "namespaces", "namespaces/status", "pods/log", "pods/status",
            ]),
        rule(
            read, "apps",
            [
                "deployments", "deployments/scale", "deployments/status", "replicasets", "replicasets/scale",
                "replicasets/status",
            ]),
        rule(read, "autoscaling", ["horizontalpodautoscalers", "horizontalpodautoscalers/status"]),
        rule(read, "metrics.k8s.io", ["pods", "nodes"]),
    ]

    private static func rule(_ verbs: [String], _ group: String, _ resources: [String]) -> PolicyRule {
        PolicyRule(verbs: verbs, apiGroups: [group], resources: resources)
    }

    /// The same for KServe's, Knative's and Martlet's own kinds; Knative's go by Knative's names.
    static let forServing =
        serving("martlet:kserve", ["serving.kserve.io"])
        + serving("martlet:gateway", ["gateway.networking.k8s.io", "security.istio.io", "authorino.kuadrant.io"])
        + serving("knative-serving-namespaced", ["serving.knative.dev", "autoscaling.internal.knative.dev"])
        + [
            role(
                "martlet:host-images-view",
                [rule(read, "martlet.dev", ["*"]), rule(read, "serving.kserve.io", ["clusterservingruntimes"])],
                labels: [toView: "true"])
        ]

    private static func serving(_ name: String, _ groups: [String]) -> [Object] {
        [
            role(
                "\(name)-admin", [PolicyRule(verbs: ["*"], apiGroups: groups, resources: ["*"])],
                labels: [toAdmin: "true"]),
            role(
                "\(name)-edit", [PolicyRule(verbs: write, apiGroups: groups, resources: ["*"])],
                labels: [toEdit: "true"]),
            role(
                "\(name)-view", [PolicyRule(verbs: read, apiGroups: groups, resources: ["*"])],
                labels: [toView: "true"]),
        ]
    }
}
