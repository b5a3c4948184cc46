import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

@Suite struct ContainerMergeTests {
    @Test(
        "A service's container is laid over the runtime's",
        arguments: [
            ("{args: [a]}", "{args: [b]}", "{args: [a, b]}"), ("{command: [a]}", "{command: [b]}", "{command: [b]}"),
            ("{image: a}", "{}", "{image: a}"), ("{image: a}", "{image: b}", "{image: b}"),
            ("{args: [a]}", "{}", "{args: [a]}"),
            (
                "{env: [{name: A, value: '1'}, {name: B, value: '2'}]}",
                "{env: [{name: B, value: '3'}, {name: C, value: '4'}]}",
                "{env: [{name: A, value: '1'}, {name: B, value: '3'}, {name: C, value: '4'}]}"
            ),
            (
                "{env: [{name: A, value: '1'}]}", "{env: [{name: A, valueFrom: {fieldRef: {fieldPath: p}}}]}",
                "{env: [{name: A, valueFrom: {fieldRef: {fieldPath: p}}}]}"
            ),
            (
                "{env: [{name: A, valueFrom: {fieldRef: {fieldPath: p}}}]}", "{env: [{name: A, value: '1'}]}",
                "{env: [{name: A, value: '1'}]}"
            ),
            (
                "{ports: [{containerPort: 80, name: a}]}", "{ports: [{containerPort: 80, protocol: UDP}]}",
                "{ports: [{containerPort: 80, name: a, protocol: UDP}]}"
            ),
            (
                "{volumeMounts: [{mountPath: /a, name: a}]}", "{volumeMounts: [{mountPath: /b, name: b}]}",
                "{volumeMounts: [{mountPath: /b, name: b}, {mountPath: /a, name: a}]}"
            ),
            (
                "{resources: {limits: {cpu: 1, memory: 1Gi}}}", "{resources: {limits: {cpu: 2}}}",
                "{resources: {limits: {cpu: 2, memory: 1Gi}}}"
            ),
            (
                "{readinessProbe: {httpGet: {port: 80, path: /a}}}", "{readinessProbe: {periodSeconds: 1}}",
                "{readinessProbe: {httpGet: {port: 80, path: /a}, periodSeconds: 1}}"
            ),
            ("{workingDir: /a}", "{workingDir: null}", "{}"),
        ])
    func containers(runtime: String, service: String, merged: String) throws {
        let result = try ContainerMerge.merge(JSONValue(yaml: runtime), JSONValue(yaml: service))
        #expect(try result == JSONValue(yaml: merged))
    }

    @Test func `pod specs merge volumes by name and replace tolerations`() throws {
        let base = try JSONValue(
            yaml: "{volumes: [{name: a, emptyDir: {}}], tolerations: [{key: a}], nodeSelector: {a: b}}")
        let overlay = try JSONValue(
            yaml:
                "{volumes: [{name: a, emptyDir: {medium: Memory}}, {name: b}], tolerations: [{key: b}], nodeSelector: {c: d}}"
        )
        let merged = try Schema.podSpec.lay(overlay, over: base)
        #expect(merged["volumes"] == [["name": "a", "emptyDir": ["medium": "Memory"]], ["name": "b"]])
        #expect(merged["tolerations"] == [["key": "b"]])
        #expect(merged["nodeSelector"] == ["a": "b", "c": "d"])
    }
}

@Suite struct PlaceholderTests {
    private var service: Object {
        var object = Object(.inferenceServices, namespace: "ml", name: "iris")
        object.labels = ["team": "a&b", "example.com/x": "y"]
        object.annotations = ["modelFormat": "sklearn", "quote": "\"<'>"]
        return object
    }

    @Test(
        "Placeholders stand for the service's metadata",
        arguments: [
            ("--name={{.Name}}", "--name=iris"), ("{{ .Namespace }}/{{.Name}}", "ml/iris"),
            ("{{.Labels.team}}", "a&b"), ("{{.Labels.example.com/x}}", "y"),
            ("{{.Annotations.modelFormat}}", "sklearn"),
            ("{{.Annotations.quote}}", "\"<'>"), ("no {placeholder} }}", "no {placeholder} }}"), ("", ""),
            ("{{\"{{\"}}.Name}}", "{{.Name}}"), ("{{ \"}}\" }}", "}}"),
        ])
    func replaces(text: String, result: String) throws {
        var value: JSONValue = ["args": [.string(text)], "number": 1]
        try Placeholders.replace(in: &value, from: service)
        #expect(value == ["args": [.string(result)], "number": 1])
    }

    @Test(
        "A placeholder that stands for nothing is named",
        arguments: [
            ("a {{.Nmae}} b", "{{.Nmae}}"), ("{{.Labels.x}}", "no label x"), ("{{.Annotations.x}}", "no annotation x"),
            ("{{.Name", "{{.Name"), ("{{}}", "{{}}"), ("{{ if .Name }}", "unknown placeholder"),
            ("{{.Labels.}}", "unknown"),
        ])
    func fails(text: String, message: String) {
        var value: JSONValue = [.string(text)]
        let failure = #expect(throws: Placeholders.Failure.self) {
            try Placeholders.replace(in: &value, from: service)
        }
        #expect(failure?.description.contains(message) == true)
    }

    @Test func `only what no service can fill is unknown to runtimes`() {
        let value: JSONValue = ["a": ["{{.Labels.any}} {{.Name}}", "{{.Foo}} and {{bar}}"]]
        #expect(Placeholders.unknown(in: value) == ["{{.Foo}}", "{{bar}}"])
    }
}

@Suite struct ImageTests {
    @Test(
        "An image's name is taken apart and put together",
        arguments: [
            ("a", "a", nil, nil, true), ("a:latest", "a", "latest", nil, true), ("a/b:1", "a/b", "1", nil, false),
            ("host:5000/a", "host:5000/a", nil, nil, true), ("host:5000/a:1", "host:5000/a", "1", nil, false),
            ("a@sha256:f", "a", nil, "sha256:f", false), ("a:1@sha256:f", "a", "1", "sha256:f", false),
        ])
    func parts(text: String, repository: String, tag: String?, digest: String?, isLatest: Bool) {
        let image = ImageReference(text)
        #expect(image.repository == repository)
        #expect(image.tag == tag)
        #expect(image.digest == digest)
        #expect(image.isLatest == isLatest)
        #expect(image.text == text)
    }

    @Test(
        "The runtime version is the tag",
        arguments: [
            ("a:1", "2", nil, false, "a:2"), ("a", "2", nil, false, "a:2"), ("host:1/a", "2", nil, false, "host:1/a:2"),
            ("a@sha256:f", "2", nil, false, "a@sha256:f"), ("a:1", nil, nil, false, "a:1"),
            ("tf:1", nil, "tensorflow-serving", true, "tf:1-gpu"),
            ("tf:1-gpu", nil, "tensorflow-serving", true, "tf:1-gpu"),
            ("tf:1", nil, "tensorflow-serving", false, "tf:1"), ("vllm/v:1", nil, "vllmserver", false, "vllm/v-cpu:1"),
            ("vllm/v:1", nil, "vllmserver", true, "vllm/v:1"), ("vllm/v:1", "2", "vllmserver", false, "vllm/v:2"),
        ])
    func tags(image: String, version: String?, server: String?, hasGPU: Bool, result: String) {
        var container: JSONValue = ["image": .string(image)]
        if hasGPU { container["resources"] = ["limits": ["nvidia.com/gpu": 1]] }
        ImageTag.update(&container, version: version, serverType: server)
        #expect(container["image"] == .string(result))
    }
}
