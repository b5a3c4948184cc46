import JSONModel
import KubeModel

/// What must hold for `spec.predictor`: what it runs and where the model is.
struct PredictorValidation {
    let predictor: JSONValue
    let path: FieldPath

    private var model: JSONValue? { predictor["model"] }
    private var containers: [JSONValue] { predictor["containers"]?.arrayValue ?? [] }

    func check() -> [Status.Cause] {
        implementation() + servers() + pod() + collocation() + customProtocol() + storage()
    }

    /// Either a model with a runtime, or containers of one's own.
    private func implementation() -> [Status.Cause] {
        var given = (["model"] + Schema.legacyFrameworkNames).filter { predictor[$0]?.objectValue != nil }
        let serving = containers.contains { $0["name"]?.stringValue == ServingKeys.servingContainer }
        if serving || (given.isEmpty && !containers.isEmpty) { given.append("containers") }
        if given.isEmpty {
            return [
                .required(path, "give model (a model and its format) or containers (a model server of your own)")
            ]
        }
        guard given.count > 1 else { return [] }
        return [
            .forbidden(
                path,
                "exactly one of model and containers may say what is served; found \(given.joined(separator: ", "))"
            )
        ]
    }

    /// `model` and the old framework blocks are containers with the name given.
    private func servers() -> [Status.Cause] {
        (["model"] + Schema.legacyFrameworkNames).flatMap { key -> [Status.Cause] in
            guard let server = predictor[key], server.objectValue != nil else { return [] }
            let path = path.field(key)
            var causes: [Status.Cause] = []
            if let name = server["name"]?.stringValue, !name.isEmpty {
                causes.append(
                    .forbidden(path.field("name"), "the container is named \(ServingKeys.servingContainer); remove it"))
            }
            if key == "model", server[path: "modelFormat", "name"] == "" {
                causes.append(.required(path.field("modelFormat").field("name"), "name the format, such as gguf"))
            }
            let container = server["name"] == nil ? server : server.removing("name")
            return causes + ContainerValidation(container: container, path: path, needsImage: false).check()
                + BlockedEnvironment.check(server, path)
        }
    }

    private func pod() -> [Status.Cause] {
        let isCustom = model == nil && !Schema.legacyFrameworkNames.contains { predictor[$0] != nil }
        var causes = PodSpecValidation(
            spec: predictor, path: path, needsImages: isCustom, knowsVolumes: isCustom
        ).check()
        for list in ["containers", "initContainers"] {
            for (index, container) in (predictor[list]?.arrayValue ?? []).enumerated() {
                causes += BlockedEnvironment.check(container, path.field(list).index(index))
            }
        }
        return causes
    }

    /// The transformer in the same pod sees the model through the predictor.
    private func collocation() -> [Status.Cause] {
        containers.enumerated().flatMap { index, container -> [Status.Cause] in
            guard container["name"]?.stringValue == ServingKeys.transformerContainer else { return [] }
            return (container["env"]?.arrayValue ?? []).enumerated().compactMap { variable, entry in
                guard entry["name"] == "STORAGE_URI" else { return nil }
                return .forbidden(
                    path.field("containers").index(index).field("env").index(variable),
                    "a transformer beside the predictor has no storage of its own; remove STORAGE_URI")
            }
        }
    }

    private func customProtocol() -> [Status.Cause] {
        guard model == nil else { return [] }
        return containers.enumerated().flatMap { index, container in
            (container["env"]?.arrayValue ?? []).enumerated().compactMap { variable, entry in
                guard entry["name"] == "PROTOCOL", let value = entry["value"]?.stringValue, value != "v1", value != "v2"
                else { return nil }
                let field = path.field("containers").index(index).field("env").index(variable).field("value")
                return .notSupported(field, value.quoted, supported: ["v1", "v2"])
            }
        }
    }

    private func storage() -> [Status.Cause] {
        guard let model, model.objectValue != nil else {
            return StorageURIRule.check(list: predictor["storageUris"], path.field("storageUris"))
        }
        let path = path.field("model")
        var causes: [Status.Cause] = []
        let uri = model["storageUri"]?.stringValue
        if let uri, let problem = StorageURIRule.problem(uri) {
            causes.append(.invalid(path.field("storageUri"), uri.quoted, problem))
        }
        if uri != nil, predictor["storageUris"] != nil {
            causes.append(.forbidden(self.path.field("storageUris"), "give model.storageUri or storageUris, not both"))
        }
        if uri != nil, model[path: "storage", "path"]?.nonEmptyString != nil {
            let field = path.field("storage").field("path")
            causes.append(.forbidden(field, "give model.storageUri or model.storage.path, not both"))
        }
        return causes + confidential(model, path)
            + StorageURIRule.check(list: predictor["storageUris"], self.path.field("storageUris"))
    }

    /// What is decrypted must be fetched by address, with a key that the key broker knows.
    private func confidential(_ model: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard let confidential = model["confidential"], confidential["enabled"] == true else { return [] }
        var causes: [Status.Cause] = []
        if model["storageUri"]?.nonEmptyString == nil {
            causes.append(.required(path.field("storageUri"), "an encrypted model needs storageUri to be fetched from"))
        }
        if let key = confidential["resourceId"]?.nonEmptyString, !Self.isKey(key) {
            let why = "must be kbs:///REPOSITORY/TYPE/TAG, of letters, digits, '-', '_' and '.'"
            causes.append(.invalid(path.field("confidential").field("resourceId"), key.quoted, why))
        }
        return causes
    }

    private static func isKey(_ key: String) -> Bool {
        let scheme = "kbs:///"
        let parts = key.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        return key.hasPrefix(scheme) && parts.count == 3
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { $0.isAlphanumeric || "-_.".utf8.contains($0) }
            }
    }
}

extension JSONValue {
    fileprivate func removing(_ key: String) -> JSONValue {
        var copy = self
        copy[key] = nil
        return copy
    }
}

/// Variables that would let a manifest swap the server's code.
enum BlockedEnvironment {
    static func check(_ container: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        (container["env"]?.arrayValue ?? []).enumerated().compactMap { index, entry in
            guard entry["name"] == "PYTHONPATH" else { return nil }
            return .forbidden(
                path.field("env").index(index).field("name"),
                "PYTHONPATH would replace the server's own code; put the code into the image")
        }
    }
}
