import JSONModel
package import KubeModel

/// The Knative Service that serves a component of an InferenceService.
package enum KnativeServiceTemplate {
    /// - Parameters:
    ///   - service: stored, with its status: the traffic depends on the revisions that were rolled out.
    ///   - runtime: `nil` for a predictor that brings its own containers.
    ///   - hosts: where a transformer or explainer finds the predictor.
    ///   - allowsZeroInitialScale: where not, a wish to begin without replicas is left out.
    /// - Returns: the whole object, owned by the service.
    package static func make(
        _ service: InferenceService, runtime: SelectedRuntime?, hosts: HostNames = HostNames(),
        allowsZeroInitialScale: Bool = false
    ) throws(InvalidPredictorSpec) -> Object {
        var spec = try service.podSpec(runtime, hosts: hosts)
        let component = service.component
        if let timeout = component.timeout {
            spec["timeoutSeconds"] = .number(JSONNumber(timeout))
            spec["responseStartTimeoutSeconds"] = .number(JSONNumber(timeout))
        }
        if let limit = component.containerConcurrency { spec["containerConcurrency"] = .number(JSONNumber(limit)) }
        let metadata = PredictorMetadata(service: service, selected: runtime)
        var annotations = metadata.annotations()
        if !allowsZeroInitialScale {
            annotations = annotations.filter { !AutoscalingKeys.initialScales.contains($0.key) || $0.value != "0" }
        }
        return object(service, spec, labels: metadata.labels(), annotations: annotations)
    }

    private static func object(
        _ service: InferenceService, _ spec: JSONValue, labels: [String: String], annotations: [String: String]
    ) -> Object {
        var annotations = annotations
        let rollout = annotations.removeValue(forKey: ServingKeys.rolloutDuration)
        var labels = labels
        let visibility = labels.removeValue(forKey: ServingKeys.kserveVisibility)
        labels[ServingKeys.visibility] = labels[ServingKeys.visibility] ?? visibility
        addScaling(&annotations, service.component)
        var object = Object(
            .knativeServices, namespace: service.namespace, name: service.componentName,
            [
                "spec": [
                    "template": [
                        // Visibility is the route's, not the pods'.
                        "metadata": [
                            "labels": labels.filter { $0.key != ServingKeys.visibility }.json,
                            "annotations": annotations.json,
                        ],
                        "spec": spec,
                    ],
                    "traffic": PredictorTraffic.targets(service),
                ]
            ])
        object.labels = labels
        object.annotations = rollout.map { [ServingKeys.rolloutDuration: $0] } ?? [:]
        object.ownerReferences = [OwnerReference(controller: service.object)]
        return object
    }

    private static func addScaling(_ annotations: inout [String: String], _ component: ComponentSpec) {
        annotations[AutoscalingKeys.scalingClass] = annotations[AutoscalingKeys.scalingClass] ?? AutoscalingKeys.kpa
        annotations[AutoscalingKeys.minScale] = "\(component.minReplicas)"
        if component.maxReplicas != 0 { annotations[AutoscalingKeys.maxScale] = "\(component.maxReplicas)" }
        if let target = component.scaleTarget { annotations[AutoscalingKeys.target] = "\(target)" }
        if let metric = component.scaleMetric { annotations[AutoscalingKeys.metric] = metric }
    }
}
