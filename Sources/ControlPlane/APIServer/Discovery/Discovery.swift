import JSONModel
import KubeModel

/// What the API tells of itself: versions, groups and resources.
struct Discovery: Sendable {
    let registry: ResourceRegistry

    /// `nil` where `path` is none of discovery.
    func answer(_ path: [String]) -> JSONValue? {
        switch (path.first, path.count) {
        case ("api", 1): coreVersions
        case ("api", 2): resources("", path[1])
        case ("apis", 1): groups
        case ("apis", 2): group(path[1])
        case ("apis", 3): resources(path[1], path[2])
        default: nil
        }
    }

    private var coreVersions: JSONValue {
        [
            "kind": "APIVersions", "versions": .array(registry.versions("").map { .string($0) }),
            "serverAddressByClientCIDRs": [],
        ]
    }

    private var groups: JSONValue {
        let named = registry.groups.filter { !$0.isEmpty }
        return [
            "kind": "APIGroupList", "apiVersion": "v1", "groups": .array(named.compactMap { groupFields($0) }),
        ]
    }

    private func group(_ name: String) -> JSONValue? {
        guard var json = groupFields(name) else { return nil }
        json["kind"] = "APIGroup"
        json["apiVersion"] = "v1"
        return json
    }

    private func groupFields(_ name: String) -> JSONValue? {
        let versions = registry.versions(name).map { version -> JSONValue in
            ["groupVersion": "\(name)/\(version)", "version": .string(version)]
        }
        guard let preferred = versions.first, !name.isEmpty else { return nil }
        return ["name": .string(name), "versions": .array(versions), "preferredVersion": preferred]
    }

    private func resources(_ group: String, _ version: String) -> JSONValue? {
        let definitions = registry.definitions(group: group, version: version)
        guard let first = definitions.first else { return nil }
        return [
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(first.resource.apiVersion),
            "resources": .array(definitions.flatMap(\.discovered)),
        ]
    }
}

extension ResourceDefinition {
    /// The entries of an `APIResourceList` for the resource and its subresources.
    fileprivate var discovered: [JSONValue] {
        var main = entry(
            "", verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"])
        main["singularName"] = .string(singular)
        if !shortNames.isEmpty { main["shortNames"] = .array(shortNames.map { .string($0) }) }
        if !categories.isEmpty { main["categories"] = .array(categories.map { .string($0) }) }
        var entries = [main]
        if hasStatus { entries.append(entry("/status", verbs: ["get", "patch", "update"])) }
        if scale != nil { entries.append(scaleEntry) }
        if resource.isPods { entries.append(entry("/log", verbs: ["get"])) }
        return entries
    }

    private var scaleEntry: JSONValue {
        var json = entry("/scale", verbs: ["get", "patch", "update"])
        json["group"] = "autoscaling"
        json["version"] = "v1"
        json["kind"] = "Scale"
        return json
    }

    private func entry(_ suffix: String, verbs: [JSONValue]) -> JSONValue {
        [
            "name": "\(resource.plural)\(suffix)", "singularName": "", "namespaced": .bool(resource.isNamespaced),
            "kind": .string(resource.kind), "verbs": .array(verbs),
        ]
    }
}

extension Resource {
    var isPods: Bool { group.isEmpty && plural == "pods" }
}
