import JSONModel
import KubeModel

// Machines, and who leads.
extension ResourceDefinition {
    static let nodes = builtIn(
        .nodes, singular: "node", hasStatus: true, columns: NodeTable.columns, cells: NodeTable.cells,
        schema: .kind("node.Node"), names: .dnsSubdomain)

    static let leases = builtIn(
        .leases, singular: "lease", columns: [.name, .computed("Holder"), .computedAge],
        cells: { [.string($0.name), $0.spec["holderIdentity"] ?? "", .string($0.age($1))] },
        schema: .kind("coordination.Lease"), names: .dnsSubdomain, validation: LeaseValidation.check)

    static let horizontalPodAutoscalers = builtIn(
        .horizontalPodAutoscalers, singular: "horizontalpodautoscaler", shortNames: ["hpa"], categories: ["all"],
        hasStatus: true, columns: AutoscalerTable.columns, cells: AutoscalerTable.cells,
        schema: .kind("autoscaling.HorizontalPodAutoscaler"), names: .dnsSubdomain,
        defaulting: AutoscalerDefaulting.apply, validation: AutoscalerValidation.check)
}
