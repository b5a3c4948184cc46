import JSONModel
import KubeModel
import ServingAPI

/// A Knative Service as a user would write it.
func knativeService(
    _ name: String = "hello", image: String = "example.com/hello:1", annotations: [String: String] = [:],
    revisionName: String? = nil, traffic: [JSONValue] = []
) -> Object {
    var template = Object(["spec": ["containers": [["image": .string(image), "name": "kserve-container"]]]])
    template.annotations = annotations
    if let revisionName { template.name = revisionName }
    var service = Object(.knativeServices, namespace: "default", name: name)
    service["spec", "template"] = template.json
    if !traffic.isEmpty { service["spec", "traffic"] = .array(traffic) }
    return service
}

/// Annotations of `autoscaling.knative.dev`.
func scaling(_ annotations: [String: String]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: annotations.map { ("autoscaling.knative.dev/\($0.key)", $0.value) })
}

/// An InferenceService with a model in the format "gguf".
func inferenceService(minReplicas: Int = 1, model: String = "file:///models/first", canary: Int? = nil) -> Object {
    var service = Object(.inferenceServices, namespace: "default", name: "tiny")
    service.spec = [
        "predictor": [
            "minReplicas": .number(JSONNumber(minReplicas)),
            "model": ["modelFormat": ["name": "gguf"], "storageUri": .string(model)],
        ]
    ]
    if let canary { service["spec", "predictor", "canaryTrafficPercent"] = .number(JSONNumber(canary)) }
    return service
}

/// A ClusterServingRuntime for the format "gguf".
func runtime(_ name: String, image: String = "example.com/server:1") -> Object {
    Object(
        .clusterServingRuntimes, name: name,
        [
            "spec": [
                "supportedModelFormats": [["name": "gguf", "autoSelect": true]],
                "protocolVersions": ["v1"],
                "containers": [
                    ["name": "kserve-container", "image": .string(image), "args": ["--model", "/mnt/models"]]
                ],
            ]
        ])
}
