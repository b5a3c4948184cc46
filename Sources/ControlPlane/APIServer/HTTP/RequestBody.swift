import JSONModel
import KubeClient
import KubeModel
import YAMLModel

extension APIRequest {
    /// The object in the body, and what to warn of: members that are there twice.
    ///
    /// - Throws: as `object`; 400 for such members where `fieldValidation` is `Strict`.
    func checkedObject(_ definition: ResourceDefinition, _ gvk: GroupVersionKind, namespace: String?, name: String?)
        throws -> (Object, warnings: [String])
    {
        let object = try object(gvk, isBuiltIn: definition.takesStrategicMerge, namespace: namespace, name: name)
        let level = query["fieldValidation"]
        guard level != "Ignore", ["", MediaType.json].contains(mediaType) else { return (object, []) }
        let warnings = try JSONDuplicates.parse(body).duplicates.paths.map { "duplicate field \"\($0)\"" }
        guard level != "Strict" || warnings.isEmpty else {
            throw Status.badRequest(
                "\(gvk.kind) in version \"\(gvk.version)\" cannot be handled as a \(gvk.kind): strict decoding error: "
                    + warnings.joined(separator: ", "))
        }
        return (object, warnings)
    }

    /// The body as one JSON value, from JSON, YAML or (built-in kinds) Kubernetes' protobuf.
    ///
    /// - Throws: 400 where it is none of them, 415 where it says to be something else.
    func document() throws -> JSONValue {
        switch mediaType {
        case "", MediaType.json, MediaType.jsonPatch, MediaType.mergePatch, MediaType.strategicMergePatch:
            do { return try JSONValue(parsing: body) } catch {
                throw Status.badRequest("the body of the request is no JSON: \(error)")
            }
        case MediaType.yaml, "application/x-yaml", "text/yaml", MediaType.applyPatch: return try yaml()
        case KubernetesProtobuf.mediaType: return try KubernetesProtobuf.json(body)
        default:
            throw Status(
                code: 415, reason: "UnsupportedMediaType",
                message:
                    "the body of the request is \(mediaType); the server takes application/json, application/yaml and, for"
                    + " built-in kinds, \(KubernetesProtobuf.mediaType)")
        }
    }

    private func yaml() throws -> JSONValue {
        let documents: [JSONValue]
        do { documents = try JSONValue.documents(yaml: String(decoding: body, as: UTF8.self)) } catch {
            throw Status.badRequest("the body of the request is no YAML: \(error)")
        }
        guard documents.count == 1 else {
            throw Status.badRequest("the body of the request has \(documents.count) YAML documents; send one")
        }
        return documents[0]
    }

    /// The object in the body, which must be of `gvk`, and lie in the namespace and under the name of the path.
    ///
    /// - Parameter isBuiltIn: whether another kind is refused here; of custom resources admission refuses it.
    func object(_ gvk: GroupVersionKind, isBuiltIn: Bool = true, namespace: String?, name: String?) throws -> Object {
        let json = try document()
        guard json.objectValue != nil else {
            throw Status.badRequest("the body of the request must be an object, not \(json.typeName)")
        }
        var object = Object(json)
        if isBuiltIn {
            // The path says what a built-in object is; a custom one must say so itself.
            if object.apiVersion.isEmpty { object.json["apiVersion"] = .string(gvk.apiVersion) }
            if object.kind.isEmpty { object.json["kind"] = .string(gvk.kind) }
        }
        let isOther = isBuiltIn || object.kind.isEmpty || object.apiVersion != gvk.apiVersion
        guard object.gvk == gvk || !isOther else {
            throw Status.badRequest(
                "the body of the request has apiVersion \"\(object.apiVersion)\" and kind \"\(object.kind)\";"
                    + " this path takes \(gvk.apiVersion) \(gvk.kind)")
        }
        if let name, object.name.isEmpty {
            throw Status.badRequest("metadata.name must be given, as on the URL: \(name)")
        }
        if let name, object.name != name {
            throw Status.badRequest(
                "the name of the object (\(object.name)) does not match the name on the URL (\(name))")
        }
        if (object.namespace ?? "").isEmpty { object.namespace = namespace }
        guard object.namespace == namespace else {
            throw Status.badRequest(
                "the namespace of the provided object (\(object.namespace ?? "")) does not match the namespace on the URL"
                    + " (\(namespace ?? "none"))")
        }
        return object
    }

    /// The patch in the body, by its content type.
    func patch() throws -> Patch {
        switch mediaType {
        case MediaType.jsonPatch: return .json(try document())
        case MediaType.mergePatch: return .merge(try document())
        case MediaType.strategicMergePatch: return .strategicMerge(try document())
        case MediaType.applyPatch: return .apply(try document(), force: query.bool("force"))
        default:
            let types = [
                MediaType.jsonPatch, MediaType.mergePatch, MediaType.strategicMergePatch, MediaType.applyPatch,
            ]
            throw Status(
                code: 415, reason: "UnsupportedMediaType",
                message: "the server takes patches of the types \(types.joined(separator: ", ")), not \(mediaType)")
        }
    }
}
