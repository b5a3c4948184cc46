import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

/// The runtimes that KServe ships, as far as selection sees them.
private enum Shipped {
    struct Format {
        var name: String
        var version: String?
        var priority: Int?
        var isAutoSelected = true
    }

    static func runtime(
        _ name: String, _ formats: [Format], _ protocols: [String], namespace: String? = nil, created: String? = nil,
        _ spec: JSONObject = [:]
    ) -> ServingRuntime {
        let resource = namespace == nil ? Resource.clusterServingRuntimes : .servingRuntimes
        var object = Object(resource, namespace: namespace, name: name, ["spec": .object(spec)])
        object.creationTimestamp = created ?? "2026-01-01T00:00:00Z"
        object["spec", "protocolVersions"] = .array(protocols.map { .string($0) })
        object["spec", "supportedModelFormats"] = .array(
            formats.map { format in
                var json: JSONValue = ["name": .string(format.name), "autoSelect": .bool(format.isAutoSelected)]
                json["version"] = format.version.map { .string($0) }
                json["priority"] = format.priority.map { .number(JSONNumber($0)) }
                return json
            })
        return ServingRuntime(object)
    }

    static let all = [
        runtime("kserve-sklearnserver", [Format(name: "sklearn", version: "1", priority: 1)], ["v1", "v2"]),
        runtime(
            "kserve-mlserver",
            [
                Format(name: "sklearn", version: "0", priority: 2), Format(name: "sklearn", version: "1", priority: 2),
                Format(name: "xgboost", version: "1", priority: 2), Format(name: "mlflow", version: "1", priority: 1),
            ], ["v2"]),
        runtime("kserve-xgbserver", [Format(name: "xgboost", version: "2", priority: 1)], ["v1", "v2"]),
        runtime(
            "kserve-predictiveserver",
            [Format(name: "sklearn", version: "1", priority: 3, isAutoSelected: false)], ["v1", "v2"]),
        runtime("kserve-huggingfaceserver", [Format(name: "huggingface", version: "1", priority: 1)], ["v2", "v1"]),
        runtime(
            "kserve-huggingfaceserver-multinode", [Format(name: "huggingface", version: "1", priority: 2)],
            ["v2", "v1"], ["workerSpec": ["containers": []]]),
        runtime("kserve-vllmserver", [Format(name: "vLLM", version: "1", priority: 1)], []),
        runtime(
            "kserve-tensorflow-serving",
            [
                Format(name: "tensorflow", version: "1", priority: 2),
                Format(name: "tensorflow", version: "2", priority: 2),
            ], ["v1", "grpc-v1"]),
        runtime(
            "kserve-tritonserver",
            [
                Format(name: "tensorrt", version: "8", priority: 1),
                Format(name: "tensorflow", version: "1", priority: 1), Format(name: "onnx", version: "1", priority: 1),
                Format(name: "triton", version: "2", priority: 1),
                Format(name: "pytorch", version: "1", isAutoSelected: false),
            ], ["v2", "grpc-v2"]),
        runtime(
            "kserve-torchserve", [Format(name: "pytorch", version: "1", priority: 2)], ["v1", "v2", "grpc-v2"]),
    ]

    static let disabled = runtime("off", [Format(name: "a")], ["v1"], ["disabled": true])

    /// Of a file that is not applied by default.
    static let openvino = runtime(
        "kserve-openvino",
        [
            Format(name: "openvino", version: "10", priority: 1), Format(name: "onnx", version: "1", priority: 2),
            Format(name: "tensorflow", version: "1", priority: 3), Format(name: "huggingface", version: "1"),
        ], ["v1", "v2", "grpc-v2"])
}

/// A model that a service asks for.
private func asked(
    _ format: String, _ version: String? = nil, _ spoken: String? = nil, runtime: String? = nil
) -> Model {
    var json: JSONValue = ["modelFormat": ["name": .string(format)]]
    json[path: "modelFormat", "version"] = version.map { .string($0) }
    json["protocolVersion"] = spoken.map { .string($0) }
    json["runtime"] = runtime.map { .string($0) }
    return Model(json: json)
}

@Suite struct RuntimeSelectionTests {
    @Test(
        "Among the shipped runtimes the expected one is chosen",
        arguments: [
            ("sklearn", nil, nil, "kserve-sklearnserver", "v1"), ("sklearn", nil, "v2", "kserve-mlserver", "v2"),
            ("sklearn", "0", "v2", "kserve-mlserver", "v2"), ("sklearn", "1", "v1", "kserve-sklearnserver", "v1"),
            ("tensorflow", nil, nil, "kserve-tensorflow-serving", "v1"),
            ("tensorflow", "1", "v2", "kserve-tritonserver", "v2"),
            ("tensorflow", nil, "grpc-v1", "kserve-tensorflow-serving", "grpc-v1"),
            ("onnx", nil, "v2", "kserve-tritonserver", "v2"), ("pytorch", nil, nil, "kserve-torchserve", "v1"),
            ("xgboost", nil, nil, "kserve-xgbserver", "v1"), ("vLLM", nil, "v2", "kserve-vllmserver", "v2"),
            ("vLLM", nil, nil, "kserve-vllmserver", "v1"),
            ("huggingface", nil, "v2", "kserve-huggingfaceserver", "v2"),
        ])
    func shipped(format: String, version: String?, spoken: String?, runtime: String, speaks: String) throws {
        let model = asked(format, version, spoken)
        for runtimes in [Shipped.all, Shipped.all.reversed()] {
            let selected = try RuntimeSelection.select(for: model, among: runtimes)
            #expect(selected.runtime.name == runtime)
            #expect(selected.protocolVersion == speaks)
        }
    }

    @Test(
        "With OpenVINO applied too some formats change hands",
        arguments: [
            ("tensorflow", "v1", "kserve-openvino"), ("onnx", "v2", "kserve-openvino"),
            ("huggingface", "v2", "kserve-huggingfaceserver"),
        ])
    func openvino(format: String, spoken: String, runtime: String) throws {
        let selected = try RuntimeSelection.select(
            for: asked(format, nil, spoken), among: Shipped.all + [Shipped.openvino])
        #expect(selected.runtime.name == runtime)
    }

    @Test func `a model that spans nodes gets the runtime with workers`() throws {
        let selected = try RuntimeSelection.select(
            for: asked("huggingface", nil, "v2"), isMultiNode: true, among: Shipped.all)
        #expect(selected.runtime.name == "kserve-huggingfaceserver-multinode")
    }

    @Test func `the namespace's runtimes come first whatever their priority`() throws {
        let own = Shipped.runtime("own", [.init(name: "sklearn")], ["v2", "v1"], namespace: "ml")
        let selected = try RuntimeSelection.select(for: asked("sklearn"), among: Shipped.all + [own])
        #expect(selected.runtime.name == "own")
        #expect(!selected.runtime.isClusterScoped)
    }

    @Test func `priority, then protocol, then age, then name decide`() throws {
        func runtime(_ name: String, _ priority: Int?, _ protocols: [String], _ created: String) -> ServingRuntime {
            Shipped.runtime(name, [.init(name: "a", priority: priority)], protocols, created: created)
        }
        let order = [
            runtime("high", 9, ["grpc-v2", "v1"], "2026-01-01T00:00:00Z"),
            runtime("v1-new-a", 1, ["v1"], "2026-02-01T00:00:00Z"),
            runtime("v1-new-b", 1, ["v1"], "2026-02-01T00:00:00Z"),
            runtime("v1-old", 1, ["v1"], "2026-01-01T00:00:00Z"),
            runtime("v2", 1, ["v2"], "2026-03-01T00:00:00Z"), runtime("any", 1, [], "2026-03-01T00:00:00Z"),
            runtime("none", nil, ["v1"], "2026-03-01T00:00:00Z"),
        ]
        #expect(RuntimeOrder.sorted(order.reversed(), format: "a").map(\.name) == order.map(\.name))
    }

    @Test(
        "A runtime that is named is used",
        arguments: [
            ("kserve-predictiveserver", "sklearn", nil, "v1"), ("kserve-mlserver", "sklearn", nil, "v2"),
            ("kserve-tritonserver", "pytorch", nil, "v2"), ("kserve-huggingfaceserver", "huggingface", nil, "v1"),
            ("kserve-tritonserver", "onnx", "grpc-v2", "grpc-v2"),
        ])
    func named(runtime: String, format: String, spoken: String?, speaks: String) throws {
        let selected = try RuntimeSelection.select(
            for: asked(format, nil, spoken, runtime: runtime), among: Shipped.all)
        #expect(selected.runtime.name == runtime)
        #expect(selected.protocolVersion == speaks)
    }

    @Test func `of two runtimes with that name the namespace's is used`() throws {
        let own = Shipped.runtime("kserve-mlserver", [.init(name: "sklearn")], ["v1"], namespace: "ml")
        let selected = try RuntimeSelection.select(
            for: asked("sklearn", runtime: "kserve-mlserver"), among: Shipped.all + [own])
        #expect(selected.runtime.namespace == "ml")
    }

    @Test(
        "A named runtime that does not do says why",
        arguments: [
            (
                asked("sklearn", runtime: "kserve-mlsever"), "RuntimeNotRecognized",
                "Waiting for runtime to become available",
                "did you mean kserve-mlserver?"
            ),
            (
                asked("a", runtime: "off"), "RuntimeDisabled", "Specified runtime is disabled",
                "specified runtime off is disabled"
            ),
            (
                asked("sklearn", nil, "v1", runtime: "kserve-mlserver"), "NoSupportingRuntime",
                "Specified runtime does not support specified protocol version", "it speaks v2"
            ),
            (
                asked("vllm", runtime: "kserve-vllmserver"), "NoSupportingRuntime",
                "Specified runtime does not support specified framework/version", "did you mean vLLM?"
            ),
        ])
    func namedFailures(model: Model, reason: String, message: String, detail: String) {
        let failure = #expect(throws: RuntimeSelectionFailure.self) {
            try RuntimeSelection.select(for: model, among: Shipped.all + [Shipped.disabled])
        }
        #expect(failure?.reason == reason)
        #expect(failure?.message == message)
        #expect(failure?.detail.contains(detail) == true, "\(failure?.detail ?? "")")
    }

    @Test(
        "When nothing fits every runtime says why",
        arguments: [
            (asked("vllm"), ["did you mean vLLM?", "ClusterServingRuntime kserve-sklearnserver: it serves sklearn"]),
            (asked("onnx"), ["it speaks v2, grpc-v2, not v1 (the default; set model.protocolVersion)"]),
            (asked("onnx", nil, "v1"), ["it speaks v2, grpc-v2, not v1"]),
            (asked("sklearn", "9"), ["of sklearn it serves version 1", "of sklearn it serves version 0, 1"]),
            (asked("a"), ["ClusterServingRuntime off: it is disabled"]),
            (asked("huggingface", nil, "grpc-v1"), ["multinode: it is for models that span nodes (workerSpec)"]),
            (
                asked("pytorch", "1", "grpc-v1"),
                ["it serves pytorch 1 only to services that name it (model.runtime: kserve-tritonserver)"]
            ),
        ])
    func unsupported(model: Model, details: [String]) {
        let failure = #expect(throws: RuntimeSelectionFailure.self) {
            try RuntimeSelection.select(for: model, among: Shipped.all + [Shipped.disabled])
        }
        #expect(failure?.reason == "NoSupportingRuntime")
        #expect(failure?.message == "No runtime found to support specified framework/version")
        for detail in details { #expect(failure?.detail.contains(detail) == true, "\(failure?.detail ?? "")") }
    }

    @Test func `without any runtime the failure says so`() {
        let failure = #expect(throws: RuntimeSelectionFailure.self) {
            try RuntimeSelection.select(for: asked("gguf", "3"), among: [])
        }
        #expect(
            failure?.detail
                == "no runtime found to support predictor with model type: gguf 3. there are no runtimes")
    }

    @Test(
        "Slips are near, other words are not",
        arguments: [
            ("vllm", ["vLLM", "onnx"], "vLLM"), ("sklean", ["sklearn"], "sklearn"), ("gguf", ["onnx"], nil),
            ("a", [], nil),
        ])
    func spelling(word: String, candidates: [String], nearest: String?) {
        #expect(Spelling.nearest(to: word, among: candidates) == nearest)
    }
}
