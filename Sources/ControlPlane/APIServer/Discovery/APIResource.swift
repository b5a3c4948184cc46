import Crypto
import FoundationEssentials
import JSONModel
import KubeModel

/// A resource as discovery tells of it.
struct APIResource: Sendable {
    var resource: Resource
    var singular: String
    var shortNames: [String] = []
    var categories: [String] = []
    var verbs: [String]
    /// The version in which its objects are stored; `nil` where none are, or another version tells it.
    var storageVersion: String?
    var subresources: [ServedSubresource] = []
}

extension APIResource {
    /// What can be done with stored objects.
    static let allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]

    init(_ definition: ResourceDefinition) {
        let writing = ["get", "patch", "update"]
        let parts =
            (definition.hasStatus ? [ServedSubresource("status", verbs: writing)] : [])
            + (definition.scale == nil ? [] : [ServedSubresource("scale", verbs: writing, Scale.gvk)])
        self.init(
            resource: definition.resource, singular: definition.singular, shortNames: definition.shortNames,
            categories: definition.categories, verbs: Self.allVerbs,
            storageVersion: definition.customDefinition?.isStorageVersion ?? true ? definition.resource.version : nil,
            subresources: parts + (ServedSubresource.table[definition.resource.description] ?? []))
    }

    /// The entries of an `APIResourceList` for the resource and its subresources.
    var entries: [JSONValue] {
        var main = entry("", kind: resource.gvk, verbs)
        main["singularName"] = .string(singular)
        if !shortNames.isEmpty { main["shortNames"] = .array(shortNames.map { .string($0) }) }
        if !categories.isEmpty { main["categories"] = .array(categories.map { .string($0) }) }
        if let storageVersion { main["storageVersionHash"] = .string(storageHash(storageVersion)) }
        return [main] + subresources.map { entry("/\($0.name)", kind: $0.kind ?? resource.gvk, $0.verbs) }
    }

    private func entry(_ suffix: String, kind: GroupVersionKind, _ verbs: [String]) -> JSONValue {
        var json: JSONValue = [
            "name": "\(resource.plural)\(suffix)", "singularName": "", "namespaced": .bool(resource.isNamespaced),
            "kind": .string(kind.kind), "verbs": .array(verbs.map { .string($0) }),
        ]
        if kind.apiVersion != resource.apiVersion {
            json["group"] = .string(kind.group)
            json["version"] = .string(kind.version)
        }
        return json
    }

    /// As in Kubernetes: the first eight bytes of the SHA-256 of group, version and kind.
    private func storageHash(_ version: String) -> String {
        let digest = SHA256.hash(data: Array("\(resource.group)/\(version)/\(resource.kind)".utf8))
        return Data(digest.prefix(8)).base64EncodedString()
    }

    /// The entry of an `APIVersionDiscovery` (apidiscovery.k8s.io).
    var discovery: JSONValue {
        var json: JSONValue = [
            "resource": .string(resource.plural), "responseKind": responseKind(resource.gvk),
            "scope": resource.isNamespaced ? "Namespaced" : "Cluster", "singularResource": .string(singular),
            "verbs": .array(verbs.map { .string($0) }),
        ]
        if !shortNames.isEmpty { json["shortNames"] = .array(shortNames.map { .string($0) }) }
        if !categories.isEmpty { json["categories"] = .array(categories.map { .string($0) }) }
        if !subresources.isEmpty {
            json["subresources"] = .array(
                subresources.map { part in
                    [
                        "subresource": .string(part.name), "responseKind": responseKind(part.kind ?? resource.gvk),
                        "verbs": .array(part.verbs.map { .string($0) }),
                    ]
                })
        }
        return json
    }

    /// Group and version are left out where they are the resource's own.
    private func responseKind(_ kind: GroupVersionKind) -> JSONValue {
        let isOwn = kind.apiVersion == resource.apiVersion
        return [
            "group": .string(isOwn ? "" : kind.group), "version": .string(isOwn ? "" : kind.version),
            "kind": .string(kind.kind),
        ]
    }
}
