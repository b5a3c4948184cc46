import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

@Suite struct StandardModeTests {
    private static let mode = [ServingKeys.deploymentMode: "Standard"]

    private static func service(
        _ predictor: String = "containers: [{image: a}]", _ annotations: [String: String] = [:], canary: String = "[]"
    ) throws -> InferenceService {
        let yaml =
            inferenceService(predictor, annotations: mode.merging(annotations) { $1 }) + "\n  canary: \(canary)"
        var object = try Admitted(yaml).object
        object.uid = "u"
        return InferenceService(object)
    }

    private static func scaler(_ predictor: String, _ annotations: [String: String] = [:]) throws -> StandardScaler {
        let service = try service("containers: [{image: a}]\n" + predictor, annotations)
        return StandardScaler(service, name: "iris-predictor", least: service.predictor.minReplicas)
    }

    @Test(
        "The status' mode wins over the annotation",
        arguments: [
            (nil, nil, DeploymentMode.knative), (nil, "Standard", .standard), ("Knative", "Standard", .knative),
            ("Standard", nil, .standard),
        ] as [(String?, String?, DeploymentMode)])
    func mode(status: String?, annotation: String?, expected: DeploymentMode) {
        var object = Object(.inferenceServices, namespace: "default", name: "iris")
        object["status", "deploymentMode"] = status.map { .string($0) }
        object.annotations[ServingKeys.deploymentMode] = annotation
        #expect(InferenceService(object).deploymentMode == expected)
    }

    @Test func `a Deployment has KServe's labels, its strategy and a probe, and leaves the replicas to its scaler`()
        throws
    {
        let service = try Self.service(
            """
            containers: [{image: a, ports: [{containerPort: 9000}]}]
            containerConcurrency: 3
            deploymentStrategy: {type: Recreate}
            """)
        let deployment = try StandardPredictor(service, among: []).deployment
        #expect(deployment.name == "iris-predictor")
        #expect(deployment.controller?.uid == "u")
        #expect(deployment["spec", "replicas"] == nil)
        #expect(deployment["spec", "strategy"] == ["type": "Recreate"])
        #expect(deployment["spec", "selector", "matchLabels"] == ["app": "isvc.iris-predictor"])
        #expect(deployment.annotations["martlet.dev/container-concurrency"] == "3")
        let template = Object(deployment["spec", "template"] ?? [:])
        #expect(template.labels["app"] == "isvc.iris-predictor")
        #expect(template.labels["component"] == "predictor")
        #expect(template.labels[ServingKeys.inferenceService] == "iris")
        #expect(template.labels[ServingKeys.revision] == "iris-predictor")
        let probe = template.spec["containers"]?[0]?["readinessProbe"]
        #expect(probe?[path: "tcpSocket", "port"] == 9000)
        #expect(probe?["failureThreshold"] == 3)
    }

    @Test func `a Service's port 80 leads to the first port, the others are there as they are`() throws {
        let service = try Self.service(
            """
            containers: [{image: a, ports: [{containerPort: 9000, name: h2c}, {containerPort: 9001, name: metrics}]}]
            """)
        let ports = try StandardPredictor(service, among: []).service.spec["ports"]
        #expect(
            ports == [
                [
                    "name": "h2c", "port": 80, "targetPort": 9000, "protocol": "TCP",
                    "appProtocol": "kubernetes.io/h2c",
                ],
                ["name": "metrics", "port": 9001, "targetPort": 9001, "protocol": "TCP"],
            ])
        let plain = try StandardPredictor(try Self.service(), among: []).service.spec
        #expect(plain["ports"]?[0] == ["name": "iris-predictor", "port": 80, "targetPort": 8080, "protocol": "TCP"])
        #expect(plain["selector"] == ["app": "isvc.iris-predictor"])
    }

    @Test func `the HPA holds CPU at 80 percent unless the service says otherwise`() throws {
        guard case .object(.horizontalPodAutoscalers, let scaler) = try Self.scaler("maxReplicas: 3") else {
            Issue.record("no HorizontalPodAutoscaler")
            return
        }
        #expect(scaler.spec["minReplicas"] == 1)
        #expect(scaler.spec["maxReplicas"] == 3)
        #expect(scaler.spec[path: "scaleTargetRef", "name"] == "iris-predictor")
        #expect(
            scaler.spec["metrics"] == [
                [
                    "type": "Resource",
                    "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]],
                ]
            ])
    }

    @Test(
        "The HPA takes the service's metric, several metrics and the behavior",
        arguments: [
            (
                "{scaleMetric: memory, scaleTarget: 200}",
                "[{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 200Mi}}}]", nil
            ),
            (
                "{scaleTarget: 50}",
                "[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]", nil
            ),
            (
                """
                {autoScaling: {metrics: [{type: Resource, resource: {name: cpu,
                 target: {type: Utilization, averageUtilization: 30}}}], behavior: {scaleDown: {selectPolicy: Max}}}}
                """,
                "[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 30}}}]",
                "{scaleDown: {selectPolicy: Max}}"
            ),
        ] as [(String, String, String?)])
    func metrics(predictor: String, metrics: String, behavior: String?) throws {
        var object = Object(.inferenceServices, namespace: "default", name: "iris")
        object["spec", "predictor"] = try JSONValue(yaml: predictor)
        let scaler = StandardScaler(InferenceService(object), name: "iris-predictor", least: 2)
        guard case .object(.horizontalPodAutoscalers, let made) = scaler else {
            Issue.record("no HorizontalPodAutoscaler")
            return
        }
        #expect(made.spec["metrics"] == (try JSONValue(yaml: metrics)))
        #expect(made.spec["behavior"] == (try behavior.map { try JSONValue(yaml: $0) }))
        #expect(made.spec["maxReplicas"] == 2)
    }

    @Test func `at zero requests scale it; without a class of its own nobody does`() throws {
        guard
            case .object(.podAutoscalers, let scaler) = try Self.scaler(
                "minReplicas: 0\ncontainerConcurrency: 2\nmaxReplicas: 4", ["autoscaling.knative.dev/window": "6s"])
        else {
            Issue.record("no PodAutoscaler")
            return
        }
        #expect(scaler.name == "iris-predictor")
        #expect(scaler.spec["containerConcurrency"] == 2)
        #expect(scaler.annotations["autoscaling.knative.dev/min-scale"] == "0")
        #expect(scaler.annotations["autoscaling.knative.dev/max-scale"] == "4")
        #expect(scaler.annotations["autoscaling.knative.dev/window"] == "6s")
        #expect(try Self.scaler("minReplicas: 2", [ServingKeys.autoscalerClass: "none"]) == .fixed(2))
        #expect(try Self.scaler("minReplicas: 2", [ServingKeys.autoscalerClass: "external"]) == .external)
    }

    @Test func `a route has no time limit but the service's own`() throws {
        let backends = [StandardRoute.Backend(name: "iris-predictor", weight: 100)]
        let route = StandardRoute.make(
            try Self.service(), name: "iris", host: "iris-default.localhost", backends: backends)
        #expect(route.spec["hostnames"] == ["iris-default.localhost"])
        #expect(
            route.spec["rules"]?[0]?["backendRefs"] == [
                ["group": "", "kind": "Service", "name": "iris-predictor", "port": 80, "weight": 100]
            ])
        #expect(route.spec["rules"]?[0]?["timeouts"] == nil)
        let limited = StandardRoute.make(
            try Self.service("containers: [{image: a}]\ntimeout: 7"), name: "iris", host: "h", backends: backends)
        #expect(limited.spec["rules"]?[0]?["timeouts"] == ["request": "7s"])
        #expect(try Admitted(route).problems == [])
    }

    @Test(
        "A canary has as many replicas as it says, else its share, rounded up",
        arguments: [
            ("{trafficPercent: 50}", 1, 1), ("{trafficPercent: 50}", 3, 2), ("{trafficPercent: 10}", 0, 1),
            ("{trafficPercent: 0}", 3, 0), ("{trafficPercent: 50, predictor: {minReplicas: 3}}", 3, 3),
        ] as [(String, Int, Int)])
    func canaryReplicas(canary: String, stable: Int, expected: Int) throws {
        let canary = CanaryPredictor(json: try JSONValue(yaml: canary))
        #expect(canary.replicas(besides: ComponentSpec(json: ["minReplicas": .number(JSONNumber(stable))])) == expected)
    }

    @Test func `a canary says what is different; promoted, it makes the same Deployment`() throws {
        let format = "modelFormat: {name: sklearn}"
        let service = try Self.service(
            "model: {\(format), storageUri: \"gs://a/one\", env: [{name: A, value: b}]}\nserviceAccountName: me",
            canary: "[{trafficPercent: 10, predictor: {name: next, model: {\(format), storageUri: \"gs://a/two\"}}}]")
        let canary = try #require(service.canaries.first)
        let promoted = service.promoting(canary)
        #expect(promoted.componentName == "iris-next-predictor")
        #expect(promoted.predictor.model?.storageURI == "gs://a/two")
        #expect(promoted.predictor.json["serviceAccountName"] == "me")
        #expect(promoted.predictor.model?.json["env"] == [["name": "A", "value": "b"]])
    }

    @Test(
        "What Standard mode cannot have is refused",
        arguments: [
            ("canaryTrafficPercent: 10", [:], "spec.predictor.canaryTrafficPercent Forbidden"),
            (
                "minReplicas: 1", [ServingKeys.autoscalerClass: "keda"],
                "metadata.annotations[serving.kserve.io/autoscalerClass] Forbidden"
            ),
            ("name: \(String(repeating: "n", count: 44))", [:], "spec.predictor.name Invalid"),
        ] as [(String, [String: String], String)])
    func refusals(predictor: String, annotations: [String: String], reason: String) throws {
        let yaml = inferenceService(
            "model: {modelFormat: {name: a}}\n\(predictor)", annotations: Self.mode.merging(annotations) { $1 })
        #expect(try Admitted(yaml).reasons == [reason])
    }

    @Test func `what is there in Standard mode only is refused elsewhere`() throws {
        let predictor = "model: {modelFormat: {name: a}}\ndeploymentStrategy: {type: Recreate}"
        #expect(try Admitted(inferenceService(predictor, annotations: Self.mode)).problems == [])
        #expect(try Admitted(inferenceService(predictor)).reasons == ["spec.predictor.deploymentStrategy Forbidden"])
    }
}
