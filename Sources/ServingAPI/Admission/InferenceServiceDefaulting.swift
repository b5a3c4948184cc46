import JSONModel
import KubeModel

/// What is filled in for an InferenceService: old spellings become the present ones, names and protocols are set.
enum InferenceServiceDefaulting {
    @Sendable static func apply(_ service: inout Object, _ old: Object?) {
        nameDeploymentMode(&service)
        for role in ComponentRole.side { nameServingContainer(of: role.rawValue, &service) }
        fillCanaries(&service)
        var predictor = service.spec["predictor"] ?? .null
        guard case .object = predictor else { return }
        moveLegacyFramework(&predictor)
        setProtocol(&predictor)
        nameContainer(&predictor)
        service["spec", "predictor"] = predictor
        if let format = predictor[path: "model", "modelFormat", "name"]?.stringValue, !format.isEmpty {
            service.annotations[ServingKeys.modelFormat] = format
        }
    }

    /// The deployment mode of a service that does not say, as `inferenceservice-config` has it at that moment: it is
    /// written down, so that a later change of the setting is for new services.
    @Sendable static func settle(_ service: inout Object, _ find: (ObjectKey) -> Object?) {
        let mode = InferenceServiceSettings(finding: find).defaultDeploymentMode
        guard service.annotations[ServingKeys.deploymentMode] == nil, mode != DeploymentMode.knative.rawValue else {
            return
        }
        service.annotations[ServingKeys.deploymentMode] = mode
    }

    private static func fillCanaries(_ service: inout Object) {
        service.json.changeObject(at: "spec") { spec in
            spec.mapElements(at: "canary") { canary in
                canary.changeObject(at: "predictor") { predictor in
                    moveLegacyFramework(&predictor)
                    setProtocol(&predictor)
                }
            }
        }
    }

    /// The first container of a transformer or explainer is the one that takes the requests.
    private static func nameServingContainer(of role: String, _ service: inout Object) {
        guard var containers = service["spec", role, "containers"]?.arrayValue, !containers.isEmpty,
            case .object = containers[0]
        else { return }
        containers[0]["name"] = .string(ServingKeys.servingContainer)
        service["spec", role, "containers"] = .array(containers)
    }

    private static func nameDeploymentMode(_ service: inout Object) {
        let names = ["RawDeployment": "Standard", "Serverless": "Knative"]
        guard let given = service.annotations[ServingKeys.deploymentMode], let name = names[given] else { return }
        service.annotations[ServingKeys.deploymentMode] = name
    }

    /// `sklearn: {...}` becomes `model: {modelFormat: {name: sklearn}, ...}`. Where more than one is given validation
    /// says so.
    private static func moveLegacyFramework(_ predictor: inout JSONValue) {
        let given = Schema.legacyFrameworkNames.filter { predictor[$0]?.objectValue != nil }
        guard let framework = given.first, given.count == 1, predictor["model"] == nil,
            var model = predictor[framework]
        else { return }
        model["modelFormat"] = ["name": .string(framework)]
        if ["triton", "onnx", "huggingface"].contains(framework) { model.setDefault("v2", at: "protocolVersion") }
        predictor[framework] = nil
        predictor["model"] = model
    }

    private static func setProtocol(_ predictor: inout JSONValue) {
        guard let format = predictor[path: "model", "modelFormat", "name"]?.stringValue,
            ["triton", "vLLM"].contains(format)
        else { return }
        predictor.setDefault("v2", at: "model", "protocolVersion")
    }

    /// The one container of a custom predictor need not be named.
    private static func nameContainer(_ predictor: inout JSONValue) {
        guard predictor["model"] == nil, predictor["containers"]?.arrayValue?.count == 1 else { return }
        predictor.mapElements(at: "containers") { container in
            if container["name"]?.stringValue?.isEmpty ?? true, case .object = container {
                container["name"] = .string(ServingKeys.servingContainer)
            }
        }
    }
}
