import KubeModel

extension ResourceRegistry {
    /// In the order of their first definition; the core group is empty.
    var groups: [String] { unique(definitions.map(\.resource.group)) }

    /// The preferred version first.
    func versions(_ group: String) -> [String] {
        unique(definitions.filter { $0.resource.group == group }.map(\.resource.version))
    }

    func definitions(group: String, version: String) -> [ResourceDefinition] {
        definitions.filter { $0.resource.group == group && $0.resource.version == version }
    }

    private func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }
}
