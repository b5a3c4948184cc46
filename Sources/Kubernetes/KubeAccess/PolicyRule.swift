package import JSONModel

/// One rule of a Role or ClusterRole (`rbac.authorization.k8s.io/v1`): these verbs on these things. Rules only ever
/// allow. `*` stands for everything, as each function says.
package struct PolicyRule: Sendable, Hashable {
    package var verbs: [String]
    /// `""` is the core group.
    package var apiGroups: [String]
    /// `pods`, `pods/log`, `*/scale` (that subresource of all), `*` (all with all their subresources).
    package var resources: [String]
    /// Only these objects; empty for all.
    package var resourceNames: [String]
    /// Paths; with `*` as their last step all that begin so.
    package var nonResourceURLs: [String]

    package init(
        verbs: [String], apiGroups: [String] = [], resources: [String] = [], resourceNames: [String] = [],
        nonResourceURLs: [String] = []
    ) {
        self.verbs = verbs
        self.apiGroups = apiGroups
        self.resources = resources
        self.resourceNames = resourceNames
        self.nonResourceURLs = nonResourceURLs
    }

    /// Everything.
    package static let all = [
        PolicyRule(verbs: ["*"], apiGroups: ["*"], resources: ["*"]),
        PolicyRule(verbs: ["*"], nonResourceURLs: ["*"]),
    ]
}

extension PolicyRule {
    package func allows(_ attributes: AccessAttributes) -> Bool {
        guard Self.has(verbs, attributes.verb) else { return false }
        switch attributes.target {
        case .path(let path): return nonResourceURLs.contains { Self.path($0, covers: path) }
        case .resource(let resource): return allows(resource)
        }
    }

    private func allows(_ target: ResourceAttributes) -> Bool {
        Self.has(apiGroups, target.group) && resources.contains { Self.resource($0, covers: target) }
            && (resourceNames.isEmpty || resourceNames.contains(target.name))
    }

    static func has(_ list: [String], _ word: String) -> Bool { list.contains { $0 == "*" || $0 == word } }

    private static func resource(_ pattern: String, covers target: ResourceAttributes) -> Bool {
        if pattern == "*" { return true }
        guard !target.subresource.isEmpty else { return pattern == target.resource }
        return pattern == target.qualified || pattern == "*/\(target.subresource)"
    }

    /// Whether `pattern` (a path, one that ends with `*`, or `*`) stands for `path`.
    package static func path(_ pattern: String, covers path: String) -> Bool {
        pattern == "*" || pattern == path || (pattern.hasSuffix("*") && path.hasPrefix(pattern.dropLast()))
    }
}

extension PolicyRule {
    /// What is no list of strings counts as empty: such a rule allows nothing.
    package init(_ json: JSONValue) {
        func words(_ key: String) -> [String] { json[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        self.init(
            verbs: words("verbs"), apiGroups: words("apiGroups"), resources: words("resources"),
            resourceNames: words("resourceNames"), nonResourceURLs: words("nonResourceURLs"))
    }

    package var json: JSONValue {
        let lists = [
            ("verbs", verbs), ("apiGroups", apiGroups), ("resources", resources), ("resourceNames", resourceNames),
            ("nonResourceURLs", nonResourceURLs),
        ]
        return .object(JSONObject(lists.filter { !$0.1.isEmpty }.map { ($0.0, .array($0.1.map { .string($0) })) }))
    }
}
