import JSONModel
import KubeModel

/// The pod of a predictor: the runtime's and the service's parts made one.
struct PredictorPod {
    let service: InferenceService
    /// `nil` for a predictor that brings its own containers.
    let selected: SelectedRuntime?

    /// The pod spec.
    func spec() throws(InvalidPredictorSpec) -> JSONValue {
        let own = service.predictor.json.keeping(Self.podFields.subtracting(["containers"]))
        let theirs = selected?.runtime.object.spec.keeping(Self.runtimeFields) ?? [:]
        var spec = try Schema.podSpec.lay(own, over: theirs)
        var containers = try containers()
        for index in containers.indices { containers[index].setVariable("INFERENCE_SERVICE_NAME", service.name) }
        spec["containers"] = .array(containers)
        return spec
    }

    private func containers() throws(InvalidPredictorSpec) -> [JSONValue] {
        guard let selected else { return try custom() }
        return try merged(selected)
    }

    /// The fields of `spec.predictor` that are a pod's.
    static let podFields = Set(Schema.podSpec.properties.keys)
    /// The fields of a pod that a runtime may give.
    private static let runtimeFields: Set = [
        "nodeSelector", "affinity", "tolerations", "volumes", "imagePullSecrets", "schedulerName", "resourceClaims",
    ]

    /// The first container serves, whatever its name.
    private func custom() throws(InvalidPredictorSpec) -> [JSONValue] {
        let containers = service.predictor.containers
        if containers.isEmpty {
            throw InvalidPredictorSpec(description: "spec.predictor has neither a model nor containers; give one")
        }
        return containers
    }

    /// The serving container, the transformer beside it, then the runtime's and the service's others.
    private func merged(_ selected: SelectedRuntime) throws(InvalidPredictorSpec) -> [JSONValue] {
        let own = service.predictor.containers
        let theirs = selected.runtime.containers
        let reserved = [ServingKeys.servingContainer, ServingKeys.transformerContainer]
        var containers = [try serving(selected)]
        if let transformer = try transformer(theirs, own) { containers.append(try filled(transformer, selected)) }
        containers += theirs.filter { !reserved.contains($0["name"]?.stringValue ?? "") }
        return containers + own.filter { $0["name"]?.stringValue != ServingKeys.transformerContainer }
    }

    private func serving(_ selected: SelectedRuntime) throws(InvalidPredictorSpec) -> JSONValue {
        let runtime = selected.runtime
        guard let base = runtime.containers.named(ServingKeys.servingContainer), let model = service.predictor.model
        else {
            throw InvalidPredictorSpec(
                description: "\(runtime.title) has no container \(ServingKeys.servingContainer); name its server so")
        }
        var overlay = model.json.keeping(Set(Schema.container.properties.keys).subtracting(["name"]))
        ServerType.configure(&overlay, model, for: selected, name: service.name)
        var container = try filled(ContainerMerge.merge(base, overlay), selected)
        ImageTag.update(&container, version: model.runtimeVersion, serverType: ServerType.of(runtime))
        return container
    }

    private func transformer(_ theirs: [JSONValue], _ own: [JSONValue]) throws(InvalidPredictorSpec) -> JSONValue? {
        let name = ServingKeys.transformerContainer
        guard let base = theirs.named(name), let overlay = own.named(name) else {
            return theirs.named(name) ?? own.named(name)
        }
        return try ContainerMerge.merge(base, overlay)
    }

    private func filled(_ container: JSONValue, _ selected: SelectedRuntime) throws(InvalidPredictorSpec) -> JSONValue {
        var container = container
        var source = service.object
        if let model = service.predictor.model {
            source.labels.merge(ServerType.labels(model, for: selected)) { _, new in new }
        }
        do {
            try Placeholders.replace(in: &container, from: source)
        } catch {
            let name = container["name"]?.stringValue ?? ""
            throw InvalidPredictorSpec(description: "\(selected.runtime.title), container \(name): \(error)")
        }
        return container
    }
}

extension [JSONValue] {
    fileprivate func named(_ name: String) -> JSONValue? { first { $0["name"]?.stringValue == name } }
}

extension JSONValue {
    /// An object with only these members.
    func keeping(_ keys: Set<String>) -> JSONValue {
        .object(JSONObject((objectValue ?? [:]).filter { keys.contains($0.key) }.map { ($0.key, $0.value) }))
    }
}
