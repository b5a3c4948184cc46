import JSONModel
import KubeClient
import KubeModel

/// The schemas of all resources, as `kubectl explain`, its validation and its patches read them.
struct OpenAPI: Sendable {
    /// What kubectl up to 1.26 asks for, and no other form. It is an old name, with an `@` that no Content-Type may have.
    static let askedProtobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
    static let protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

    let registry: ResourceRegistry

    /// `nil` where there is no such document.
    func answer(_ request: APIRequest) -> APIResponse? {
        let path = request.path
        return switch (path.dropFirst().first, path.dropFirst(2).first, path.count) {
        case ("v2", nil, _): version2(accept: request.accept)
        case ("v3", nil, _): .json(index)
        case ("v3", "api", 4): document("", path[3]).map { .json($0) }
        case ("v3", "apis", 5): document(path[3], path[4]).map { .json($0) }
        default: nil
        }
    }

    private func version2(accept: String) -> APIResponse {
        let document = OpenAPIv2(definitions: registry.definitions).document
        guard accept.contains(Self.protobuf) || accept.contains(Self.askedProtobuf) else { return .json(document) }
        return APIResponse(contentType: Self.protobuf, body: .whole(Gnostic.document(document)))
    }

    /// The documents of version 3, one for each group and version. The hash in an address changes with its content:
    /// clients keep what they once fetched.
    private var index: JSONValue {
        var paths: JSONValue = [:]
        for group in registry.groups {
            for version in registry.versions(group) {
                guard let document = document(group, version) else { continue }
                let path = group.isEmpty ? "api/\(version)" : "apis/\(group)/\(version)"
                paths[path] = ["serverRelativeURL": "/openapi/v3/\(path)?hash=\(Self.hash(document))"]
            }
        }
        return ["paths": paths]
    }

    private func document(_ group: String, _ version: String) -> JSONValue? {
        let definitions = registry.definitions(group: group, version: version)
        return definitions.isEmpty ? nil : OpenAPIv3(definitions: definitions).document
    }

    /// FNV-1a.
    private static func hash(_ document: JSONValue) -> String {
        let hash = document.serialized().reduce(UInt64(0xcbf2_9ce4_8422_2325)) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return String(hash, radix: 16)
    }
}

extension Resource {
    /// The name of the kind's schema: its group backwards, as Kubernetes names them.
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
