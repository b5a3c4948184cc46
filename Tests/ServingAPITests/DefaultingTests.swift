import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

@Suite struct InferenceServiceDefaultingTests {
    @Test("A framework's own block becomes a model", arguments: Schema.legacyFrameworkNames)
    func legacy(framework: String) throws {
        let admitted = try Admitted(inferenceService("\(framework): {storageUri: 'file:///m', args: [a]}"))
        #expect(admitted.problems == [])
        let predictor = admitted.object["spec", "predictor"]
        #expect(predictor?[framework] == nil)
        #expect(predictor?[path: "model", "modelFormat", "name"] == .string(framework))
        #expect(predictor?[path: "model", "storageUri"] == "file:///m")
        #expect(predictor?[path: "model", "args"] == ["a"])
        let isV2 = ["triton", "onnx", "huggingface"].contains(framework)
        #expect(predictor?[path: "model", "protocolVersion"] == (isV2 ? "v2" : nil))
        #expect(admitted.object.annotations["modelFormat"] == framework)
    }

    @Test(
        "Some formats speak v2 unless said",
        arguments: [
            ("triton", "v2"), ("vLLM", "v2"), ("onnx", nil), ("sklearn", nil), ("vllm", nil),
        ])
    func protocols(format: String, version: String?) throws {
        let admitted = try Admitted(inferenceService("model: {modelFormat: {name: \(format)}}"))
        #expect(admitted.object["spec", "predictor", "model", "protocolVersion"]?.stringValue == version)
    }

    @Test func `a protocol that is given stays`() throws {
        let admitted = try Admitted(inferenceService("onnx: {protocolVersion: grpc-v2}"))
        #expect(admitted.object["spec", "predictor", "model", "protocolVersion"] == "grpc-v2")
    }

    @Test func `the one container of a custom predictor need not be named`() throws {
        let admitted = try Admitted(inferenceService("containers: [{image: a}]"))
        #expect(admitted.problems == [])
        #expect(admitted.object["spec", "predictor", "containers"]?[0]?["name"] == "kserve-container")
    }

    @Test("Old names of deployment modes become the present ones", arguments: [("Serverless", "Knative")])
    func modes(old: String, new: String) throws {
        let admitted = try Admitted(
            inferenceService("sklearn: {}", annotations: [ServingKeys.deploymentMode: old]))
        #expect(admitted.problems == [])
        #expect(admitted.object.annotations[ServingKeys.deploymentMode] == new)
    }

    @Test func `two frameworks are left for validation to refuse`() throws {
        let admitted = try Admitted(inferenceService("sklearn: {}\nxgboost: {}"))
        #expect(admitted.fields == ["spec.predictor"])
        #expect(admitted.problems[0].contains("sklearn, xgboost"))
    }

    @Test("Defaulting again changes nothing", arguments: Fixtures.all)
    func idempotent(yaml: String) throws {
        let once = try Admitted(yaml)
        #expect(try Admitted(once.object, replacing: once.object).object == once.object)
    }
}

@Suite struct BuiltInDefaultingTests {
    @Test func `pods get what Kubernetes gives them`() throws {
        let pod = try Admitted(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
              containers:
              - name: a
                image: a
                ports: [{containerPort: 80}]
                livenessProbe: {httpGet: {port: 80}}
              - {name: b, image: "b:1"}
            """)
        #expect(pod.problems == [])
        let spec = pod.object.spec
        #expect(spec["restartPolicy"] == "Always")
        #expect(spec["terminationGracePeriodSeconds"] == 30)
        let first = spec["containers"]?[0]
        #expect(first?["imagePullPolicy"] == "Always")
        #expect(first?["ports"]?[0]?["protocol"] == "TCP")
        #expect(first?[path: "livenessProbe", "failureThreshold"] == 3)
        #expect(first?[path: "livenessProbe", "httpGet", "scheme"] == "HTTP")
        #expect(spec["containers"]?[1]?["imagePullPolicy"] == "IfNotPresent")
        #expect(pod.object.status["phase"] == "Pending")
    }

    @Test func `deployments roll one replica unless said`() throws {
        let deployment = try Admitted(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: a}
            spec:
              selector: {matchLabels: {a: b}}
              template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a}]}}
            """)
        #expect(deployment.problems == [])
        #expect(deployment.object.spec["replicas"] == 1)
        #expect(deployment.object.spec[path: "strategy", "rollingUpdate", "maxSurge"] == "25%")
        #expect(deployment.object.spec[path: "template", "spec", "dnsPolicy"] == "ClusterFirst")
    }

    @Test func `texts of a secret become data`() throws {
        let secret = try Admitted(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: a}
            data: {a: YQ==, c: eA==}
            stringData: {b: "grün", c: c}
            """)
        #expect(secret.problems == [])
        #expect(secret.object.json["stringData"] == nil)
        #expect(secret.object.json["data"] == ["a": "YQ==", "b": "Z3LDvG4=", "c": "Yw=="])
        #expect(secret.object.json["type"] == "Opaque")
    }

    @Test func `a service's target port is its port`() throws {
        let service = try Admitted(
            "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}")
        #expect(service.object.spec["ports"] == [["port": 80, "protocol": "TCP", "targetPort": 80]])
        #expect(service.object.spec["type"] == "ClusterIP")
    }

    @Test func `a namespace carries its name as a label`() throws {
        let namespace = try Admitted("{apiVersion: v1, kind: Namespace, metadata: {name: a}}")
        #expect(namespace.object.labels == ["kubernetes.io/metadata.name": "a"])
        #expect(namespace.object.status["phase"] == "Active")
    }
}

@Suite struct KnativeDefaultingTests {
    @Test func `a service's container is named and all traffic goes to the newest revision`() throws {
        let service = try Admitted(
            """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: a}
            spec: {template: {spec: {containers: [{image: a, ports: [{containerPort: 80}]}]}}}
            """)
        #expect(service.problems == [])
        let spec = service.object.spec[path: "template", "spec"]
        #expect(spec?["containers"]?[0]?["name"] == "user-container")
        #expect(spec?["containers"]?[0]?["ports"]?[0]?["protocol"] == "TCP")
        #expect(spec?["containerConcurrency"] == nil, "config-defaults says, when a revision is made")
        #expect(spec?["enableServiceLinks"] == false)
        #expect(service.object.spec["traffic"] == [["latestRevision": true, "percent": 100]])
    }

    @Test func `time limits stay absent`() throws {
        let service = try Admitted(
            """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: a}
            spec: {template: {spec: {containers: [{image: a}]}}}
            """)
        #expect(service.object.spec[path: "template", "spec", "timeoutSeconds"] == nil)
    }
}
