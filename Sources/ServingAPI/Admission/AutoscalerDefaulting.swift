import JSONModel
import KubeModel

/// What is filled in for a HorizontalPodAutoscaler: Kubernetes' own defaults.
enum AutoscalerDefaulting {
    @Sendable static func apply(_ scaler: inout Object, _ old: Object?) {
        scaler.json.changeObject(at: "spec") { spec in
            spec.setDefault(1, at: "minReplicas")
            if spec["metrics"]?.arrayValue?.isEmpty ?? true { spec["metrics"] = [cpu] }
            spec.changeObject(at: "behavior") { behavior in
                fill(&behavior, "scaleUp", up)
                fill(&behavior, "scaleDown", down)
            }
        }
    }

    private static let cpu: JSONValue = [
        "type": "Resource",
        "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]],
    ]
    private static let up: JSONValue = [
        "stabilizationWindowSeconds": 0, "selectPolicy": "Max",
        "policies": [
            ["type": "Pods", "value": 4, "periodSeconds": 15], ["type": "Percent", "value": 100, "periodSeconds": 15],
        ],
    ]
    private static let down: JSONValue = [
        "selectPolicy": "Max", "policies": [["type": "Percent", "value": 100, "periodSeconds": 15]],
    ]

    private static func fill(_ behavior: inout JSONValue, _ direction: String, _ defaults: JSONValue) {
        for member in defaults.objectValue ?? [:] { behavior.setDefault(member.value, at: direction, member.key) }
    }
}

/// What must hold for a HorizontalPodAutoscaler, beyond its schema.
enum AutoscalerValidation {
    @Sendable static func check(_ scaler: Object, _ old: Object?) -> [Status.Cause] {
        let path = FieldPath("spec")
        let least = scaler.spec["minReplicas"]?.intValue ?? 1
        var causes: [Status.Cause] = []
        if let most = scaler.spec["maxReplicas"]?.intValue, most < least {
            let why = "must not be less than minReplicas, which is \(least)"
            causes.append(.invalid(path.field("maxReplicas"), "\(most)", why))
        }
        return causes + target(scaler.spec["scaleTargetRef"], path.field("scaleTargetRef"))
            + metrics(scaler.spec["metrics"]?.arrayValue ?? [], path.field("metrics"))
    }

    private static func target(_ target: JSONValue?, _ path: FieldPath) -> [Status.Cause] {
        ["kind", "name"].filter { target?[$0]?.stringValue == "" }.map {
            .required(path.field($0), "say what is scaled")
        }
    }

    /// Each metric has the source that its type names, and no other.
    private static func metrics(_ metrics: [JSONValue], _ path: FieldPath) -> [Status.Cause] {
        let sources = [
            "Object": "object", "Pods": "pods", "Resource": "resource", "ContainerResource": "containerResource",
            "External": "external",
        ]
        return metrics.enumerated().flatMap { index, metric -> [Status.Cause] in
            let path = path.index(index)
            guard let type = metric["type"]?.stringValue else { return [] }
            guard let source = sources[type] else {
                return [.notSupported(path.field("type"), type.quoted, supported: sources.keys.sorted())]
            }
            let others = sources.values.filter { $0 != source && metric[$0] != nil }.sorted()
            let missing = metric[source] == nil ? [source] : []
            return missing.map { .required(path.field($0), "a metric of type \(type) says which") }
                + others.map { .forbidden(path.field($0), "does not belong to a metric of type \(type); remove it") }
        }
    }
}
