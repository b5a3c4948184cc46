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
        ], schema: .kind("isvc.InferenceService"), defaulting: InferenceServiceDefaulting.apply,
        settling: InferenceServiceDefaulting.settle, limits: ScaleLimit.inferenceService,
        validation: InferenceServiceValidation.check)

    static let servingRuntimes = runtime(
        .servingRuntimes, singular: "servingruntime", schema: .kind("runtime.ServingRuntime"))
    static let clusterServingRuntimes = runtime(
        .clusterServingRuntimes, singular: "clusterservingruntime", schema: .kind("runtime.ClusterServingRuntime"))

    private static func runtime(
        _ resource: Resource, singular: String, schema: @autoclosure @escaping @Sendable () -> Schema
    ) -> ResourceDefinition {
        ResourceDefinition(
            resource, singular: singular,
            printerColumns: [
                PrinterColumn("Disabled", ".spec.disabled", type: "boolean"),
                PrinterColumn("ModelType", ".spec.supportedModelFormats[*].name"),
                PrinterColumn("Containers", ".spec.containers[*].name"), .age,
            ], schema: schema(), validation: NameRule.dnsSubdomain.before(ServingRuntimeValidation.check))
    }
}

extension ResourceDefinition {
    static let inferenceGraphs = ResourceDefinition(
        .inferenceGraphs, singular: "inferencegraph", shortNames: ["ig"], hasStatus: true,
        printerColumns: [PrinterColumn("URL", ".status.url"), .ready, .age], schema: .kind("kserve.InferenceGraph"),
        validation: InferenceGraphValidation.check, warnings: InferenceGraphValidation.warn)

    static let trainedModels = ResourceDefinition(
        .trainedModels, singular: "trainedmodel", shortNames: ["tm"], hasStatus: true,
        printerColumns: [PrinterColumn("URL", ".status.url"), .ready, .age], schema: .kind("kserve.TrainedModel"),
        defaulting: Unserved.markNotReady, validation: TrainedModelValidation.check, warnings: Unserved.warn)

    static let clusterStorageContainers = ResourceDefinition(
        .clusterStorageContainers, singular: "clusterstoragecontainer", printerColumns: [.age],
        schema: .kind("kserve.ClusterStorageContainer"),
        validation: NameRule.dnsSubdomain.before(StorageContainerValidation.check), warnings: Unserved.warn)

    static let localModelCaches = localModel(
        .localModelCaches, singular: "localmodelcache", warnings: { _, _ in [] },
        schema: .kind("localmodel.LocalModelCache"))
    static let localModelNamespaceCaches = localModel(
        .localModelNamespaceCaches, singular: "localmodelnamespacecache", warnings: { _, _ in [] },
        schema: .kind("localmodel.LocalModelNamespaceCache"))
    static let localModelNodes = localModel(
        .localModelNodes, singular: "localmodelnode", schema: .kind("localmodel.LocalModelNode"))
    static let localModelNodeGroups = localModel(
        .localModelNodeGroups, singular: "localmodelnodegroup", hasStatus: false,
        schema: .kind("localmodel.LocalModelNodeGroup"))

    private static func localModel(
        _ resource: Resource, singular: String, hasStatus: Bool = true,
        warnings: @escaping @Sendable (Object, Object?) -> [String] = Unserved.warn,
        schema: @autoclosure @escaping @Sendable () -> Schema
    ) -> ResourceDefinition {
        ResourceDefinition(
            resource, singular: singular, hasStatus: hasStatus, printerColumns: [.age], schema: schema(),
            validation: NameRule.dnsSubdomain.before(LocalModelValidation.check),
            warnings: warnings)
    }
}

extension ResourceDefinition.PrinterColumn {
    static let ready = Self("Ready", #".status.conditions[?(@.type=='Ready')].status"#)
    static let reason = Self("Reason", #".status.conditions[?(@.type=='Ready')].reason"#)
    static let age = Self("Age", ".metadata.creationTimestamp", type: "date")
}
