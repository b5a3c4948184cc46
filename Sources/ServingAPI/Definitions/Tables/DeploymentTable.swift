import JSONModel
import KubeModel

/// The row of a Deployment in `kubectl get deployments`.
enum DeploymentTable {
    typealias Column = ResourceDefinition.PrinterColumn

    static let columns = [
        Column("Name", ""), Column("Ready", ""), Column("Up-to-date", "", type: "integer"),
        Column("Available", "", type: "integer"), Column("Age", ""), Column("Containers", "", priority: 1),
        Column("Images", "", priority: 1), Column("Selector", "", priority: 1),
    ]

    @Sendable static func cells(_ deployment: Object, _ now: Int64) -> [JSONValue] {
        let status = deployment.status
        return [
            .string(deployment.name),
            "\(status["readyReplicas"]?.intValue ?? 0)/\(deployment.spec["replicas"]?.intValue ?? 1)",
            status["updatedReplicas"] ?? 0, status["availableReplicas"] ?? 0, .string(deployment.age(now)),
            Cell.containers(of: deployment, "name"), Cell.containers(of: deployment, "image"),
            .string(Cell.selector(deployment.spec[path: "selector", "matchLabels"])),
        ]
    }
}
