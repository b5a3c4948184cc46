import JSONModel
import Testing

@testable import Observability

@Suite("The ConfigMap for OpenShift AI's dashboard")
struct MetricsDashboardTests {
    @Test("Every runtime has the four panels, filled in", arguments: MetricsDashboard.Runtime.allCases)
    func panels(runtime: MetricsDashboard.Runtime) throws {
        let data = MetricsDashboard(namespace: "ns", name: "m", runtime: runtime).data
        #expect(data["supported"] == "true")
        let config = try JSONValue(parsing: data["metrics"]?.stringValue ?? "")["config"]?.arrayValue ?? []
        #expect(
            config.map { $0["type"]?.stringValue } == ["REQUEST_COUNT", "MEAN_LATENCY", "CPU_USAGE", "MEMORY_USAGE"])
        for query in config.flatMap({ $0["queries"]?.arrayValue ?? [] }) {
            let text = query["query"]?.stringValue ?? ""
            #expect(text.contains("namespace='ns'"))
            #expect(!text.contains("$"))
        }
    }

    @Test(
        "The runtime is known by its annotation, else by its image",
        arguments: [
            ("ovms", "x/y:1", MetricsDashboard.Runtime.ovms), ("", "quay.io/a/vllm@sha256:1", .vllm),
            ("", "quay.io/modh/text-generation-inference:3", .tgis), ("mine", "x/caikit-nlp:1", .caikit),
            ("", "x/llama", .other),
        ])
    func runtime(annotation: String, image: String, expected: MetricsDashboard.Runtime) {
        #expect(MetricsDashboard.Runtime(annotation: annotation.isEmpty ? nil : annotation, image: image) == expected)
    }
}
