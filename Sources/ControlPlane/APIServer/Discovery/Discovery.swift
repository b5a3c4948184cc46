import JSONModel
import KubeModel

/// What the API tells of itself: versions, groups and resources.
struct Discovery: Sendable {
    let registry: ResourceRegistry

    /// The answer to a request, in the form that it asks for; `nil` where its path is none of discovery.
    func respond(to request: APIRequest) -> APIResponse? {
        if request.path.count == 1, let form = AggregatedDiscovery.Form(accept: request.accept) {
            let list = AggregatedDiscovery(registry: registry).list(isCore: request.path[0] == "api", form)
            var response = APIResponse.json(list)
            response.contentType = form.contentType
            return response.tagged(for: request)
        }
        return answer(request.path).map { APIResponse.json($0).tagged(for: request) }
    }

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
        let resources = registry.resources(group: group, version: version)
        guard let first = resources.first else { return nil }
        return [
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(first.resource.apiVersion),
            "resources": .array(resources.flatMap(\.entries)),
        ]
    }
}

extension Resource {
    var isPods: Bool { group.isEmpty && plural == "pods" }
}
