import JSONModel
import KubeAccess

/// One rule of an audit policy. An empty list stands for everything.
struct AuditRule: Sendable {
    /// Resources of one group.
    struct Resources: Sendable {
        var group = ""
        /// `pods`, `pods/log`, `pods/*`, `*/scale`, `*`.
        var resources: [String] = []
        var names: [String] = []
    }

    var level: AuditLevel
    var users: [String] = []
    var userGroups: [String] = []
    var verbs: [String] = []
    var resources: [Resources] = []
    var namespaces: [String] = []
    var nonResourceURLs: [String] = []
    var omitStages: Set<String> = []
    var omitManagedFields: Bool?

    func matches(_ identity: Identity, _ attributes: AccessAttributes) -> Bool {
        guard users.isEmpty || users.contains(identity.user),
            userGroups.isEmpty || identity.groups.contains(where: userGroups.contains),
            verbs.isEmpty || verbs.contains(attributes.verb)
        else { return false }
        let isForResources = !resources.isEmpty || !namespaces.isEmpty
        switch attributes.target {
        case .resource(let resource): return isForResources ? matches(resource) : nonResourceURLs.isEmpty
        case .path(let path):
            return nonResourceURLs.isEmpty
                ? !isForResources : nonResourceURLs.contains { PolicyRule.path($0, covers: path) }
        }
    }

    private func matches(_ target: ResourceAttributes) -> Bool {
        guard namespaces.isEmpty || namespaces.contains(target.namespace) else { return false }
        return resources.isEmpty
            || resources.contains { entry in
                entry.group == target.group
                    && (entry.resources.isEmpty || entry.resources.contains { Self.pattern($0, covers: target) })
                    && (entry.names.isEmpty || entry.names.contains(target.name))
            }
    }

    private static func pattern(_ pattern: String, covers target: ResourceAttributes) -> Bool {
        if pattern == "*" || pattern == target.qualified { return true }
        guard !target.subresource.isEmpty else { return false }
        return pattern == "*/\(target.subresource)" || pattern == "\(target.resource)/*"
    }
}

extension AuditRule {
    init(_ json: JSONValue, _ index: Int) throws(AuditPolicyError) {
        func words(_ key: String, _ json: JSONValue) -> [String] {
            json[key]?.arrayValue?.compactMap(\.stringValue) ?? []
        }
        guard let level = json["level"]?.stringValue.flatMap(AuditLevel.init) else {
            throw AuditPolicyError("rules[\(index)].level must be None, Metadata, Request or RequestResponse")
        }
        self.init(
            level: level, users: words("users", json), userGroups: words("userGroups", json),
            verbs: words("verbs", json),
            resources: (json["resources"]?.arrayValue ?? []).map {
                Resources(
                    group: $0["group"]?.stringValue ?? "", resources: words("resources", $0),
                    names: words("resourceNames", $0))
            },
            namespaces: words("namespaces", json), nonResourceURLs: words("nonResourceURLs", json),
            omitStages: Set(words("omitStages", json)), omitManagedFields: json["omitManagedFields"]?.boolValue)
    }
}
