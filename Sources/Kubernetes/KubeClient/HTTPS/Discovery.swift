import JSONModel
package import KubeModel

/// What a server tells of one of its resources.
package struct DiscoveredResource: Sendable, Hashable {
    package var resource: Resource
    package var singular: String
    package var shortNames: [String]
    package var categories: [String]
    package var verbs: [String]

    /// Whether a person may mean it by `word`: its plural, singular, kind, short name, or `plural.group`.
    package func isNamed(_ word: String) -> Bool {
        let word = word.lowercased()
        return word == resource.plural || word == singular || word == resource.kind.lowercased()
            || shortNames.contains(word) || (!resource.group.isEmpty && word == resource.description)
            || (!resource.group.isEmpty && word == "\(singular).\(resource.group)")
    }
}

extension HTTPSResourceClient {
    /// Every resource in the version that its server prefers, the core group's first.
    package func discover() async throws -> [DiscoveredResource] {
        var paths = ["/api/v1"]
        for group in try await send(KubeRequest(.get, path: "/apis"))["groups"]?.arrayValue ?? [] {
            let preferred = group[path: "preferredVersion", "groupVersion"]?.stringValue
            let versions = (group["versions"]?.arrayValue ?? []).compactMap { $0["groupVersion"]?.stringValue }
            paths += ([preferred].compactMap { $0 } + versions.filter { $0 != preferred }).map { "/apis/\($0)" }
        }
        var known: Set<String> = []
        var resources: [DiscoveredResource] = []
        for path in paths {
            let found = DiscoveredResource.all(try await send(KubeRequest(.get, path: path)))
            resources += found.filter { known.insert($0.resource.description).inserted }
        }
        return resources
    }
}

extension DiscoveredResource {
    /// The resources of an `APIResourceList`, without their subresources.
    static func all(_ list: JSONValue) -> [DiscoveredResource] {
        let gvk = Object(["apiVersion": list["groupVersion"] ?? ""]).gvk
        return (list["resources"]?.arrayValue ?? []).compactMap { json in
            guard let plural = json["name"]?.stringValue, !plural.contains("/"), let kind = json["kind"]?.stringValue
            else { return nil }
            func strings(_ key: String) -> [String] { json[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }
            let resource = Resource(
                group: gvk.group, version: gvk.version, kind: kind, plural: plural,
                isNamespaced: json["namespaced"]?.boolValue ?? false)
            return DiscoveredResource(
                resource: resource, singular: json["singularName"]?.stringValue ?? kind.lowercased(),
                shortNames: strings("shortNames"), categories: strings("categories"), verbs: strings("verbs"))
        }
    }
}
