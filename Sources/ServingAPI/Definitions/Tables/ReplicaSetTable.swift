import JSONModel
import KubeModel

/// The row of a ReplicaSet in `kubectl get replicasets`.
enum ReplicaSetTable {
    typealias Column = ResourceDefinition.PrinterColumn

    static let columns = [
        Column("Name", ""), Column("Desired", "", type: "integer"), Column("Current", "", type: "integer"),
        Column("Ready", "", type: "integer"), Column("Age", ""), Column("Containers", "", priority: 1),
        Column("Images", "", priority: 1), Column("Selector", "", priority: 1),
    ]

    @Sendable static func cells(_ set: Object, _ now: Int64) -> [JSONValue] {
        [
            .string(set.name), set.spec["replicas"] ?? 1, set.status["replicas"] ?? 0,
            set.status["readyReplicas"] ?? 0, .string(set.age(now)), Cell.containers(of: set, "name"),
            Cell.containers(of: set, "image"), .string(Cell.selector(set.spec[path: "selector", "matchLabels"])),
        ]
    }
}
