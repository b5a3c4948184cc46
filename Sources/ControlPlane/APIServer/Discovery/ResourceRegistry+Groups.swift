import KubeModel

extension ResourceRegistry {
    /// In the order of their first definition; the core group is empty.
    var groups: [String] {
        unique(definitions.map(\.resource.group) + APIResource.unstored.map(\.resource.group))
    }

    /// The preferred version first.
    func versions(_ group: String) -> [String] {
        let resources = definitions.map(\.resource) + APIResource.unstored.map(\.resource)
        return unique(resources.filter { $0.group == group }.map(\.version))
            .sorted { VersionPriority($0) < VersionPriority($1) }
    }

    func definitions(group: String, version: String) -> [ResourceDefinition] {
        definitions.filter { $0.resource.group == group && $0.resource.version == version }
    }

    /// All that is served, as discovery tells of it.
    func resources(group: String, version: String) -> [APIResource] {
        definitions(group: group, version: version).map(APIResource.init)
            + APIResource.unstored.filter { $0.resource.group == group && $0.resource.version == version }
    }

    private func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }
}
