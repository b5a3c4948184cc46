import JSONModel
package import KubeModel

/// What scales a predictor's Deployment in Standard mode.
///
/// | autoscalerClass | minReplicas | by                                                              |
/// |-----------------|-------------|-----------------------------------------------------------------|
/// | hpa, or none given | 1 or more | a HorizontalPodAutoscaler: CPU, memory                         |
/// | hpa, or none given | 0        | a PodAutoscaler: requests; nothing else sees who calls at zero  |
/// | none            |             | nobody: `minReplicas` is how many there are                     |
/// | external        |             | whoever the user says                                           |
package enum StandardScaler: Sendable, Hashable {
    case object(Resource, Object)
    case fixed(Int)
    case external

    /// - Parameters:
    ///   - name: of the Deployment, and of what scales it.
    ///   - least: replicas that there are at least, canaries counted off.
    package init(_ service: InferenceService, name: String, least: Int) {
        switch service.annotations[ServingKeys.autoscalerClass] {
        case "none": self = .fixed(least)
        case nil, "hpa":
            self =
                least == 0
                ? .object(.podAutoscalers, Self.podAutoscaler(service, name))
                : .object(.horizontalPodAutoscalers, Self.horizontal(service, name, least))
        default: self = .external
        }
    }

    package var isFixed: Bool {
        if case .fixed = self { true } else { false }
    }

    private static func target(_ name: String) -> JSONValue {
        [
            "apiVersion": .string(Resource.deployments.apiVersion), "kind": .string(Resource.deployments.kind),
            "name": .string(name),
        ]
    }

    private static func child(_ service: InferenceService, _ resource: Resource, _ name: String) -> Object {
        var child = Object(resource, namespace: service.namespace, name: name)
        child.labels = service.labels
        child.labels[ServingKeys.inferenceService] = service.name
        child.ownerReferences = [OwnerReference(controller: service.object)]
        return child
    }

    private static func podAutoscaler(_ service: InferenceService, _ name: String) -> Object {
        let component = service.component
        var child = child(service, .podAutoscalers, name)
        child.labels[ServingKeys.revision] = name
        var annotations = service.annotations.merging(component.annotations) { $1 }
            .filter { $0.key.hasPrefix(AutoscalingKeys.prefix) || $0.key == ServingKeys.progressDeadline }
        annotations[AutoscalingKeys.scalingClass] = AutoscalingKeys.kpa
        annotations[AutoscalingKeys.metric] = "concurrency"
        annotations[AutoscalingKeys.minScale] = "0"
        if component.maxReplicas > 0 { annotations[AutoscalingKeys.maxScale] = "\(component.maxReplicas)" }
        child.annotations = annotations
        child.spec = [
            "containerConcurrency": .number(JSONNumber(component.containerConcurrency ?? 0)), "protocolType": "http1",
            "scaleTargetRef": target(name), "reachability": "Reachable",
        ]
        return child
    }

    private static func horizontal(_ service: InferenceService, _ name: String, _ least: Int) -> Object {
        let component = service.component
        var child = child(service, .horizontalPodAutoscalers, name)
        child.spec = [
            "scaleTargetRef": target(name), "minReplicas": .number(JSONNumber(least)),
            "maxReplicas": .number(JSONNumber(max(least, component.maxReplicas))),
            "metrics": .array(metrics(component)),
        ]
        child["spec", "behavior"] = component.json[path: "autoScaling", "behavior"]
        return child
    }

    private static func metrics(_ component: ComponentSpec) -> [JSONValue] {
        let given = component.json[path: "autoScaling", "metrics"]?.arrayValue ?? []
        guard given.isEmpty else { return given.filter { $0["type"] == "Resource" } }
        let isMemory = component.scaleMetric == "memory"
        let target: JSONValue =
            isMemory
            ? ["type": "AverageValue", "averageValue": .string("\(component.scaleTarget ?? 1024)Mi")]
            : ["type": "Utilization", "averageUtilization": .number(JSONNumber(component.scaleTarget ?? 80))]
        return [["type": "Resource", "resource": ["name": isMemory ? "memory" : "cpu", "target": target]]]
    }
}
