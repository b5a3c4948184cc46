import JSONModel
import KubeModel

/// The Deployment of a component in Standard mode.
enum StandardDeployment {
    static let defaultPort = 8080

    /// KServe's label by which the Service finds the pods.
    static func selector(_ name: String) -> [String: String] { ["app": "isvc.\(name)"] }

    static func make(
        _ service: InferenceService, name: String, pod: JSONValue, _ metadata: PredictorMetadata
    ) -> Object {
        var labels = metadata.labels().filter { $0.key != ServingKeys.visibility }
        labels.merge(selector(name)) { $1 }
        // The Deployment is the service's one revision: the gateway, its counters and the autoscaler know it as such.
        labels[ServingKeys.revision] = name
        let annotations = metadata.annotations()
        var deployment = Object(.deployments, namespace: service.namespace, name: name)
        deployment.labels = labels
        deployment.annotations = annotations
        let limit = service.component.containerConcurrency
        deployment.annotations[ServingKeys.containerConcurrency] = limit.map { "\($0)" }
        deployment.ownerReferences = [OwnerReference(controller: service.object)]
        deployment.spec = [
            "selector": ["matchLabels": selector(name).json],
            "template": [
                "metadata": ["labels": labels.json, "annotations": annotations.json], "spec": completed(pod),
            ],
        ]
        deployment["spec", "strategy"] = service.component.json["deploymentStrategy"]
        return deployment
    }

    /// The serving container gets KServe's readiness probe where it has none: whether its port takes connections.
    private static func completed(_ pod: JSONValue) -> JSONValue {
        var pod = pod
        pod.mapElements(at: "containers") { container in
            guard container["name"]?.stringValue == ServingKeys.servingContainer, container["readinessProbe"] == nil
            else { return }
            container["readinessProbe"] = [
                "tcpSocket": ["port": .number(JSONNumber(port(of: container)))], "timeoutSeconds": 1,
                "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
            ]
        }
        return pod
    }

    static func port(of container: JSONValue) -> Int {
        container["ports"]?[0]?["containerPort"]?.intValue ?? defaultPort
    }
}
