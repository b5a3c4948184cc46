import JSONModel

/// What KServe sets for servers that it knows by their type, an annotation of the runtime.
enum ServerType {
    /// Names of shipped runtimes that had no annotation yet.
    private static let byName = [
        "kserve-mlserver": "mlserver", "kserve-tritonserver": "tritonserver", "kserve-torchserve": "torchserve",
        "kserve-tensorflow-serving": "tensorflow-serving", "kserve-huggingfaceserver": "huggingfaceserver",
        "kserve-huggingfaceserver-multinode": "huggingfaceserver", "kserve-vllmserver": "vllmserver",
    ]

    static func of(_ runtime: ServingRuntime) -> String? { runtime.serverType ?? byName[runtime.name] }

    static func defaultProtocol(of runtime: ServingRuntime) -> String? {
        switch of(runtime) {
        case "mlserver", "tritonserver": "v2"
        case "torchserve": "v1"
        default: nil
        }
    }

    /// Adds what the server needs to the service's part of its container; variables that are there already stay.
    static func configure(_ container: inout JSONValue, _ model: Model, for selected: SelectedRuntime, name: String) {
        switch of(selected.runtime) {
        case "mlserver" where model.storageURI == nil: container.addVariable("MLSERVER_LOAD_MODELS_AT_STARTUP", "false")
        case "mlserver":
            container.addVariable("MLSERVER_MODEL_NAME", name)
            container.addVariable("MLSERVER_MODEL_URI", ServingKeys.modelPath)
        case "tritonserver" where model.storageURI == nil:
            container["args"] = .array((container["args"]?.arrayValue ?? []) + ["--model-control-mode=explicit"])
        case "torchserve": container.addVariable("PROTOCOL_VERSION", selected.protocolVersion)
        default: break
        }
    }

    /// Labels that placeholders and the server's own image read.
    static func labels(_ model: Model, for selected: SelectedRuntime) -> [String: String] {
        switch of(selected.runtime) {
        case "mlserver":
            let classes = [
                "xgboost": "mlserver_xgboost.XGBoostModel", "lightgbm": "mlserver_lightgbm.LightGBMModel",
                "mlflow": "mlserver_mlflow.MLflowRuntime",
            ]
            return ["modelClass": classes[model.format] ?? "mlserver_sklearn.SKLearnModel"]
        case "torchserve":
            return ["serviceEnvelope": ["v2", "grpc-v2"].contains(selected.protocolVersion) ? "kservev2" : "kserve"]
        default: return [:]
        }
    }
}

extension JSONValue {
    /// Adds an environment variable to a container that does not have it.
    mutating func addVariable(_ name: String, _ value: String) {
        var variables = self["env"]?.arrayValue ?? []
        guard !variables.contains(where: { $0["name"]?.stringValue == name }) else { return }
        variables.append(["name": .string(name), "value": .string(value)])
        self["env"] = .array(variables)
    }

    /// Sets an environment variable of a container, whatever it was.
    mutating func setVariable(_ name: String, _ value: String) {
        let others = (self["env"]?.arrayValue ?? []).filter { $0["name"]?.stringValue != name }
        self["env"] = .array(others + [["name": .string(name), "value": .string(value)]])
    }
}
