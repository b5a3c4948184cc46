import Crypto
import JSONModel
import KubeClient
import KubeModel
import Synchronization

/// The schemas of all resources, as `kubectl explain`, its validation and its patches read them. Documents are made when
/// they are asked for, and not kept: they are large, and asked for seldom.
struct OpenAPI: Sendable {
    /// What kubectl up to 1.26 asks for, and no other form. It is an old name, with an `@` that no Content-Type may have.
    static let askedProtobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
    static let protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

    static let info: JSONValue = ["title": "Kubernetes", "version": ServerVersion.json["gitVersion"] ?? ""]

    let registry: ResourceRegistry

    /// The media types of the patches that a resource takes.
    static func patchTypes(_ definition: ResourceDefinition) -> [String] {
        [MediaType.jsonPatch, MediaType.mergePatch]
            + (definition.takesStrategicMerge ? [MediaType.strategicMergePatch] : []) + [MediaType.applyPatch]
    }

    /// `nil` where there is no such document.
    func answer(_ request: APIRequest) -> APIResponse? {
        let path = request.path
        return switch (path.dropFirst().first, path.dropFirst(2).first, path.count) {
        case ("v2", nil, _): version2(request)
        case ("v3", nil, _): APIResponse.json(index).tagged(for: request)
        case ("v3", "api", 4): version3("", path[3], request)
        case ("v3", "apis", 5): version3(path[3], path[4], request)
        default: nil
        }
    }

    private func version2(_ request: APIRequest) -> APIResponse {
        let isProtobuf = [Self.protobuf, Self.askedProtobuf].contains { request.accept.contains($0) }
        let document = OpenAPIv2(definitions: registry.definitions).document
        guard isProtobuf else { return APIResponse.json(document).tagged(for: request) }
        return APIResponse(contentType: Self.protobuf, body: .whole(Gnostic.document(document))).tagged(for: request)
    }

    /// The hash in an address changes with its content: who asks with it may keep the document for good.
    private func version3(_ group: String, _ version: String, _ request: APIRequest) -> APIResponse? {
        guard let document = document(group, version) else { return nil }
        let hash = hash(group, version)
        var response = APIResponse.json(document).tagged(hash, request)
        if request.query["hash"] == hash {
            response.headers.append(("Cache-Control", "public, immutable, max-age=31536000"))
        }
        return response
    }

    /// The documents of version 3, one for each group and version.
    private var index: JSONValue {
        var paths: JSONValue = [:]
        for group in registry.groups {
            for version in registry.versions(group)
            where !registry.definitions(group: group, version: version).isEmpty {
                let path = group.isEmpty ? "api/\(version)" : "apis/\(group)/\(version)"
                paths[path] = ["serverRelativeURL": "/openapi/v3/\(path)?hash=\(hash(group, version))"]
            }
        }
        return ["paths": paths]
    }

    private func document(_ group: String, _ version: String) -> JSONValue? {
        let definitions = registry.definitions(group: group, version: version)
        return definitions.isEmpty ? nil : OpenAPIv3(definitions: definitions).document
    }

    /// Of the document's text, which is made for it only if it is not known yet.
    private func hash(_ group: String, _ version: String) -> String {
        let definitions = registry.definitions(group: group, version: version)
        let isBuiltIn = definitions.allSatisfy { $0.customDefinition == nil }
        return (isBuiltIn ? OpenAPIHashes.builtIn : registry.openAPIHashes).hash("\(group)/\(version)", definitions)
    }
}

/// The hashes of documents that were made once.
final class OpenAPIHashes: Sendable {
    /// What is built in stays as it is while the program runs. Tests have registries of their own.
    static let builtIn = OpenAPIHashes()

    private struct Key: Hashable {
        var document: String
        var resources: [Resource]
    }

    private let hashes = Mutex<[Key: String]>([:])

    func hash(_ document: String, _ definitions: [ResourceDefinition]) -> String {
        let key = Key(document: document, resources: definitions.map(\.resource))
        if let known = hashes.withLock({ $0[key] }) { return known }
        let text = OpenAPIv3(definitions: definitions).document.serialized()
        let hash = SHA256.hash(data: text).map { String(0x100 + Int($0), radix: 16).dropFirst() }.joined().uppercased()
        hashes.withLock { $0[key] = hash }
        return hash
    }
}

extension Resource {
    /// The name of the schema of a kind that says none itself: its group backwards, as Kubernetes names them.
    var schemaName: String {
        let prefix =
            switch group {
            case "": "io.k8s.api.core"
            case let group where !group.contains("."): "io.k8s.api.\(group)"
            default: group.split(separator: ".").reversed().joined(separator: ".")
            }
        return "\(prefix).\(version).\(kind)"
    }

    var gvkExtension: JSONValue {
        ["group": .string(group), "version": .string(version), "kind": .string(kind)]
    }

    /// The path of the collection and of one object in it, as templates.
    var pathTemplates: (collection: String, object: String) {
        let namespace = isNamespaced ? "{namespace}" : nil
        return (path(namespace: namespace), path(namespace: namespace, name: "{name}"))
    }
}
