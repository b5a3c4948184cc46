import KubeModel

extension ResourceDefinition {
    static let inferenceServices = ResourceDefinition(
        .inferenceServices, singular: "inferenceservice", shortNames: ["isvc"], categories: ["all"], hasStatus: true,
        printerColumns: [
            PrinterColumn("URL", ".status.url"), .ready,
            PrinterColumn("Prev", ".status.components.predictor.traffic[?(@.tag=='prev')].percent", type: "integer"),
            PrinterColumn(
                "Latest", ".status.components.predictor.traffic[?(@.latestRevision==true)].percent", type: "integer"),
            PrinterColumn(
                "PrevRolledoutRevision", ".status.components.predictor.traffic[?(@.tag=='prev')].revisionName"),
            PrinterColumn(
                "LatestReadyRevision",
                ".status.components.predictor.traffic[?(@.latestRevision==true)].revisionName"),
            .age,
        ], schema: .inferenceService, defaulting: InferenceServiceDefaulting.apply,
        validation: InferenceServiceValidation.check)

    static let servingRuntimes = runtime(.servingRuntimes, singular: "servingruntime")
    static let clusterServingRuntimes = runtime(.clusterServingRuntimes, singular: "clusterservingruntime")

    private static func runtime(_ resource: Resource, singular: String) -> ResourceDefinition {
        ResourceDefinition(
            resource, singular: singular,
            printerColumns: [
                PrinterColumn("Disabled", ".spec.disabled", type: "boolean"),
                PrinterColumn("ModelType", ".spec.supportedModelFormats[*].name"),
                PrinterColumn("Containers", ".spec.containers[*].name"), .age,
            ], schema: .servingRuntime, validation: NameRule.dnsSubdomain.before(ServingRuntimeValidation.check))
    }
}

extension ResourceDefinition.PrinterColumn {
    static let ready = Self("Ready", #".status.conditions[?(@.type=='Ready')].status"#)
    static let reason = Self("Reason", #".status.conditions[?(@.type=='Ready')].reason"#)
    static let age = Self("Age", ".metadata.creationTimestamp", type: "date")
}
