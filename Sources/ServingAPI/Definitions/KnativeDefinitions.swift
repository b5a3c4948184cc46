import KubeModel

extension ResourceDefinition {
    static let knativeServices = knative(
        .knativeServices, singular: "service", shortNames: ["kservice", "ksvc"],
        columns: [.url, .latestCreated, .latestReady, .ready, .reason], schema: .kind("knative.Service"),
        defaulting: KnativeDefaulting.service, limits: ScaleLimit.template,
        validation: NameRule.dns1035Label.before(KnativeValidation.service))

    static let configurations = knative(
        .configurations, singular: "configuration", shortNames: ["config", "cfg"],
        columns: [.latestCreated, .latestReady, .ready, .reason], schema: .kind("knative.Configuration"),
        defaulting: KnativeDefaulting.configuration, limits: ScaleLimit.template,
        validation: NameRule.dns1035Label.before(KnativeValidation.configuration))

    static let revisions = knative(
        .revisions, singular: "revision", shortNames: ["rev"],
        columns: [
            PrinterColumn("Config Name", #".metadata.labels['serving\.knative\.dev/configuration']"#),
            PrinterColumn("Generation", #".metadata.labels['serving\.knative\.dev/configurationGeneration']"#),
            .ready, .reason, PrinterColumn("Actual Replicas", ".status.actualReplicas", type: "integer"),
            PrinterColumn("Desired Replicas", ".status.desiredReplicas", type: "integer"),
        ], schema: .kind("knative.Revision"), defaulting: KnativeDefaulting.revision,
        validation: NameRule.dns1035Label.before(KnativeValidation.revision))

    static let routes = knative(
        .routes, singular: "route", shortNames: ["rt"], columns: [.url, .ready, .reason],
        schema: .kind("knative.Route"),
        defaulting: KnativeDefaulting.route, validation: NameRule.dns1035Label.before(KnativeValidation.route))

    static let podAutoscalers = knative(
        .podAutoscalers, singular: "podautoscaler", shortNames: ["kpa", "pa"],
        columns: [
            PrinterColumn("DesiredScale", ".status.desiredScale", type: "integer"),
            PrinterColumn("ActualScale", ".status.actualScale", type: "integer"), .ready, .reason,
        ], schema: .kind("knative.PodAutoscaler"),
        validation: NameRule.dnsSubdomain.before(KnativeValidation.podAutoscaler))

    static let domainMappings = knative(
        .domainMappings, singular: "domainmapping", shortNames: ["dm"], columns: [.url, .ready, .reason],
        schema: .kind("domains.DomainMapping"), defaulting: DomainMappingRules.fill,
        validation: NameRule.dnsSubdomain.before(DomainMappingRules.check))

    static let clusterDomainClaims = ResourceDefinition(
        .clusterDomainClaims, singular: "clusterdomainclaim", shortNames: ["cdc"],
        categories: ["knative-internal", "networking"], schema: .kind("domains.ClusterDomainClaim"),
        validation: NameRule.dnsSubdomain.before(DomainMappingRules.checkClaim))

    private static func knative(
        _ resource: Resource, singular: String, shortNames: [String], columns: [PrinterColumn],
        schema: @autoclosure @escaping @Sendable () -> Schema,
        defaulting: @escaping @Sendable (inout Object, Object?) -> Void = { _, _ in },
        limits: Limits? = nil,
        validation: @escaping @Sendable (Object, Object?) -> [Status.Cause]
    ) -> ResourceDefinition {
        let isInternal = resource.group.hasPrefix("autoscaling.internal")
        return ResourceDefinition(
            resource, singular: singular, shortNames: shortNames,
            categories: isInternal ? ["knative-internal", "autoscaling"] : ["all", "knative", "serving"],
            hasStatus: true, printerColumns: columns, schema: schema(), defaulting: defaulting, limits: limits,
            validation: validation)
    }
}

extension ResourceDefinition.PrinterColumn {
    fileprivate static let url = Self("URL", ".status.url")
    fileprivate static let latestCreated = Self("LatestCreated", ".status.latestCreatedRevisionName")
    fileprivate static let latestReady = Self("LatestReady", ".status.latestReadyRevisionName")
}
