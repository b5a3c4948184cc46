import JSONModel
import KubeModel

// rbac.authorization.k8s.io.
extension ResourceDefinition {
    static let roles = role(.roles, singular: "role", schema: .kind("rbac.Role"))
    static let clusterRoles = role(.clusterRoles, singular: "clusterrole", schema: .kind("rbac.ClusterRole"))
    static let roleBindings = binding(.roleBindings, singular: "rolebinding", schema: .kind("rbac.RoleBinding"))
    static let clusterRoleBindings = binding(
        .clusterRoleBindings, singular: "clusterrolebinding", schema: .kind("rbac.ClusterRoleBinding"))

    private static func role(
        _ resource: Resource, singular: String, schema: @autoclosure @escaping @Sendable () -> Schema
    ) -> ResourceDefinition {
        builtIn(
            resource, singular: singular, columns: [.name, .computed("Created At")],
            cells: { role, _ in [.string(role.name), .string(role.creationTimestamp ?? "")] }, schema: schema(),
            names: .pathSegment, validation: RoleValidation.check)
    }

    private static func binding(
        _ resource: Resource, singular: String, schema: @autoclosure @escaping @Sendable () -> Schema
    ) -> ResourceDefinition {
        builtIn(
            resource, singular: singular, columns: BindingTable.columns, cells: BindingTable.cells, schema: schema(),
            names: .pathSegment, defaulting: BindingDefaulting.apply, validation: BindingValidation.check)
    }
}
