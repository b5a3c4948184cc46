import JSONModel

/// The labels and annotations of a component's pods: the component's win over the service's, those over the runtime's.
struct PredictorMetadata {
    let service: InferenceService
    let selected: SelectedRuntime?

    /// Annotations that mean the service itself, not its pods.
    private static let kept: Set = [
        AutoscalingKeys.minScale, AutoscalingKeys.maxScale, AutoscalingKeys.prefix + "minScale",
        AutoscalingKeys.prefix + "maxScale", ServingKeys.storageSourceURI, ServingKeys.modelParts,
        ServingKeys.modelFormat, ServingKeys.stop, ServingKeys.deploymentMode, ServingKeys.enableTagRouting,
        ServingKeys.disableAutoUpdate,
        "kubectl.kubernetes.io/last-applied-configuration", ServingKeys.judge, ServingKeys.judgeSteps,
        ServingKeys.judgeInterval, ServingKeys.judgeRequests, ServingKeys.judgeState, ServingKeys.shadow,
        // Who may call is the gateway's business: a change of it starts no new revision.
        ServingKeys.enableAuth, ServingKeys.oldEnableAuth,
        // So is what is recorded.
        ServingKeys.recordBodies,
    ]

    func labels() -> [String: String] {
        var labels = selected?.runtime.podLabels ?? [:]
        labels.merge(service.labels) { _, new in new }
        if let selected, let model = service.component.model {
            labels.merge(ServerType.labels(model, for: selected)) { _, new in new }
        }
        labels.merge(service.component.labels) { _, new in new }
        labels[ServingKeys.inferenceService] = service.name
        labels[ServingKeys.component] = service.role.rawValue
        return labels
    }

    /// For the revision template, without what scaling adds.
    func annotations() -> [String: String] {
        var annotations = selected?.runtime.podAnnotations ?? [:]
        annotations.merge(service.annotations.filter { !Self.kept.contains($0.key) }) { _, new in new }
        annotations.merge(service.component.annotations.filter { !Self.kept.contains($0.key) }) { _, new in new }
        annotations.merge(ModelPart.annotations(ModelPart.parts(of: service.component))) { _, new in new }
        addScraping(&annotations)
        return annotations
    }

    /// Where Prometheus finds the pod's metrics, if the service asks for it.
    private func addScraping(_ annotations: inout [String: String]) {
        guard annotations[ServingKeys.enablePrometheusScraping] == "true" else { return }
        annotations["prometheus.io/scrape"] = "true"
        annotations["prometheus.io/port"] = annotations["prometheus.kserve.io/port"] ?? "8080"
        annotations["prometheus.io/path"] = annotations["prometheus.kserve.io/path"] ?? "/metrics"
    }
}
