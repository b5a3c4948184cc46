import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

@Suite struct ServingRuntimeValidationTests {
    private static func runtime(_ spec: String) -> String {
        """
        apiVersion: serving.kserve.io/v1alpha1
        kind: ServingRuntime
        metadata: {name: a, namespace: default}
        spec: {\(spec)}
        """
    }

    private static let server = "containers: [{name: kserve-container, image: a}]"

    @Test(
        "A good runtime is admitted",
        arguments: [
            server, "\(server), supportedModelFormats: [{name: a, priority: 1}, {name: a, version: '2', priority: 1}]",
            "disabled: true, containers: []", "multiModel: true, containers: [{name: mlserver, image: a}]",
            "containers: [{name: kserve-container, image: a, args: ['{{.Name}}', '{{ .Labels.a }}', '{{\"{{\"}}']}]",
            "\(server), workerSpec: {containers: [{name: worker-container, image: a}], tensorParallelSize: 2}",
        ])
    func good(spec: String) throws {
        #expect(try Admitted(Self.runtime(spec)).problems == [])
    }

    @Test(
        "A bad runtime is refused with the field and the remedy",
        arguments: [
            ("supportedModelFormats: []", "spec.containers", "Required value"),
            ("containers: [{name: server, image: a}]", "spec.containers", "kserve-container"),
            ("containers: []", "spec.containers", "found none"),
            ("containers: [{name: kserve-container}]", "spec.containers[0].image", "name the image"),
            (
                "containers: [{name: kserve-container, image: a, env: [{name: PYTHONPATH}]}]",
                "spec.containers[0].env[0].name", "PYTHONPATH"
            ),
            (
                "containers: [{name: kserve-container, image: a, args: ['{{.Nmae}}']}]", "spec.containers[0]",
                "{{.Nmae}}"
            ),
            (
                "\(server), supportedModelFormats: [{name: a, priority: 1}, {name: a, version: '2', priority: 2}]",
                "spec.supportedModelFormats[1].priority", "must be 1"
            ),
            (
                "\(server), supportedModelFormats: [{name: a, priority: 0}]", "spec.supportedModelFormats[0].priority",
                "at least 1"
            ),
            (
                "\(server), workerSpec: {containers: [{name: a, image: a}, {name: b, image: b}]}",
                "spec.workerSpec.containers", "one container"
            ),
            (
                "\(server), workerSpec: {containers: [{name: a, image: a}], pipelineParallelSize: 0}",
                "spec.workerSpec.pipelineParallelSize", "at least 1"
            ),
            (
                "\(server), workerSpec: {containers: [{name: a, image: a, env: [{name: TENSOR_PARALLEL_SIZE}]}]}",
                "spec.workerSpec.containers[0].env[0].name", "set by workerSpec"
            ),
            ("\(server), workerSpec: {}", "spec.workerSpec.containers", "Required value"),
        ])
    func bad(spec: String, field: String, message: String) throws {
        let admitted = try Admitted(Self.runtime(spec))
        #expect(admitted.fields == [field], "\(admitted.problems)")
        #expect(admitted.problems.first?.contains(message) == true, "\(admitted.problems)")
    }

    @Test func `workers cannot be taken away`() throws {
        let worker = "workerSpec: {containers: [{name: a, image: a}]}"
        let old = try Admitted(Self.runtime("\(Self.server), \(worker)")).object
        #expect(try Admitted(Self.runtime(Self.server), replacing: old).fields == ["spec.workerSpec"])
    }
}

@Suite struct HostImageValidationTests {
    private static func image(_ spec: String) -> String {
        "{apiVersion: martlet.dev/v1alpha1, kind: HostImage, metadata: {name: a}, spec: {\(spec)}}"
    }

    @Test(
        "A good host image is admitted",
        arguments: [
            "images: [a], python: {packages: ['a==1']}",
            "images: ['a:*', 'b@sha256:1'], python: {packages: ['a==1; python_version > \"3\"', 'a @ file:///a.whl']}",
            "images: [a], python: {packages: [], files: {bin/a: x, lib/b/c.py: z}, pythonVersion: '3.11.2'}, env: {A: b}",
        ])
    func good(spec: String) throws {
        #expect(try Admitted(Self.image(spec)).problems == [])
    }

    @Test(
        "A bad host image is refused",
        arguments: [
            ("images: [a]", "spec.python"), ("images: [], python: {packages: []}", "spec.images"),
            ("images: ['*'], python: {packages: []}", "spec.images[0]"),
            ("images: ['a*b'], python: {packages: []}", "spec.images[0]"),
            ("images: ['a**'], python: {packages: []}", "spec.images[0]"),
            ("images: [a], python: {}", "spec.python.packages"),
            ("images: [a], python: {packages: [a]}", "spec.python.packages[0]"),
            ("images: [a], python: {packages: ['a>=1']}", "spec.python.packages[0]"),
            ("images: [a], python: {packages: ['a==1.*']}", "spec.python.packages[0]"),
            ("images: [a], python: {packages: ['-r x==1']}", "spec.python.packages[0]"),
            ("images: [a], python: {packages: [], files: {/a: x}}", "spec.python.files[/a]"),
            ("images: [a], python: {packages: [], files: {../a: x}}", "spec.python.files[../a]"),
            ("images: [a], python: {packages: [], files: {a//b: x}}", "spec.python.files[a//b]"),
            ("images: [a], python: {packages: [], pythonVersion: three}", "spec.python.pythonVersion"),
            ("images: [a], python: {packages: []}, env: {A=: b}", "spec.env[A=]"),
        ])
    func bad(spec: String, field: String) throws {
        let admitted = try Admitted(Self.image(spec))
        #expect(admitted.fields == [field], "\(admitted.problems)")
    }
}

@Suite struct PodValidationTests {
    private static func pod(_ spec: String) -> String {
        "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {\(spec)}}"
    }

    @Test(
        "A bad pod is refused",
        arguments: [
            ("restartPolicy: Never", "spec.containers"), ("containers: []", "spec.containers"),
            ("containers: [{image: a}]", "spec.containers[0].name"),
            ("containers: [{name: a}]", "spec.containers[0].image"),
            ("containers: [{name: a, image: 'a b'}]", "spec.containers[0].image"),
            ("containers: [{name: a, image: a}, {name: a, image: a}]", "spec.containers[1]"),
            ("containers: [{name: a, image: a}], initContainers: [{name: a, image: a}]", "spec.initContainers[a].name"),
            (
                "containers: [{name: a, image: a, ports: [{containerPort: 0}]}]",
                "spec.containers[0].ports[0].containerPort"
            ),
            (
                "containers: [{name: a, image: a, ports: [{containerPort: 1, name: UPPER}]}]",
                "spec.containers[0].ports[0].name"
            ),
            (
                "containers: [{name: a, image: a, ports: [{containerPort: 1, name: x}, {containerPort: 2, name: x}]}]",
                "spec.containers[0].ports[1].name"
            ),
            (
                "containers: [{name: a, image: a, ports: [{containerPort: 1, protocol: http}]}]",
                "spec.containers[0].ports[0].protocol"
            ),
            ("containers: [{name: a, image: a, env: [{name: 'a=b'}]}]", "spec.containers[0].env[0].name"),
            (
                "containers: [{name: a, image: a, env: [{name: a, value: b, valueFrom: {}}]}]",
                "spec.containers[0].env[0].valueFrom"
            ),
            (
                "containers: [{name: a, image: a, volumeMounts: [{name: v, mountPath: /v}]}]",
                "spec.containers[0].volumeMounts[0].name"
            ),
            (
                "containers: [{name: a, image: a, livenessProbe: {httpGet: {port: 1}, tcpSocket: {port: 1}}}]",
                "spec.containers[0].livenessProbe"
            ),
            ("containers: [{name: a, image: a}], volumes: [{name: V}]", "spec.volumes[0].name"),
            (
                "containers: [{name: a, image: a, resources: {limits: {memory: lots}}}]",
                "spec.containers[0].resources.limits[memory]"
            ),
        ])
    func bad(spec: String, field: String) throws {
        let admitted = try Admitted(Self.pod(spec))
        #expect(admitted.fields == [field], "\(admitted.problems)")
    }

    private static func deployment(selector: String, labels: String, policy: String = "Always") -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: a}
        spec:
          selector: \(selector)
          template:
            metadata: {labels: \(labels)}
            spec: {restartPolicy: \(policy), containers: [{name: a, image: a}]}
        """
    }

    @Test(
        "A deployment's selector selects its own pods",
        arguments: [
            ("{matchLabels: {a: b}}", "{a: b, c: d}", []),
            ("{matchLabels: {a: b}}", "{a: c}", ["spec.template.metadata.labels"]),
            ("{}", "{a: b}", ["spec.selector"]),
        ])
    func selectors(selector: String, labels: String, fields: [String]) throws {
        #expect(try Admitted(Self.deployment(selector: selector, labels: labels)).fields == fields)
    }

    @Test func `a deployment's selector and restart policy are fixed`() throws {
        let old = try Admitted(Self.deployment(selector: "{matchLabels: {a: b}}", labels: "{a: b, c: d}")).object
        let moved = Self.deployment(selector: "{matchLabels: {c: d}}", labels: "{a: b, c: d}")
        #expect(try Admitted(moved, replacing: old).fields == ["spec.selector"])
        let once = Self.deployment(selector: "{matchLabels: {a: b}}", labels: "{a: b}", policy: "Never")
        #expect(try Admitted(once).fields == ["spec.template.spec.restartPolicy"])
    }

    @Test(
        "Services, settings and secrets are checked",
        arguments: [
            ("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {}}", ["spec.ports"]),
            ("{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {clusterIP: None}}", []),
            (
                "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 1}, {port: 2}]}}",
                ["spec.ports[0].name", "spec.ports[1].name"]
            ),
            ("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {'a/b': c}}", ["data[a/b]"]),
            ("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {a: c}, binaryData: {a: ''}}", ["data[a]"]),
            ("{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {a: '!'}}", ["data[a]"]),
        ])
    func core(yaml: String, fields: [String]) throws {
        #expect(try Admitted(yaml).fields == fields)
    }

    @Test func `what is immutable stays`() throws {
        let yaml = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, immutable: true, data: {a: b}}"
        let old = try Admitted(yaml).object
        var changed = old
        changed["data", "a"] = "c"
        #expect(try Admitted(changed, replacing: old).fields == ["data"])
        changed = old
        changed.json["immutable"] = nil
        #expect(try Admitted(changed, replacing: old).fields == ["immutable"])
    }
}
