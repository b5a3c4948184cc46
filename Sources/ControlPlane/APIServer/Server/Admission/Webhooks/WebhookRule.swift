import JSONModel
import KubeModel

/// Which operations on which resources a webhook is asked about (`rules`).
struct WebhookRule: Sendable {
    var operations: [String]
    var groups: [String]
    var versions: [String]
    /// `pods`, `pods/status`, `pods/*`, `*`, `*/scale`, `*/*`
    var resources: [String]
    /// `Cluster`, `Namespaced` or `*`.
    var scope: String

    init(_ json: JSONValue) {
        func words(_ key: String) -> [String] { json[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        operations = words("operations")
        groups = words("apiGroups")
        versions = words("apiVersions")
        resources = words("resources")
        scope = json["scope"]?.stringValue ?? "*"
    }

    func matches(_ operation: AdmissionOperation, _ resource: Resource, subresource: String?) -> Bool {
        func has(_ words: [String], _ word: String) -> Bool { words.contains("*") || words.contains(word) }
        return has(operations, operation.rawValue) && has(groups, resource.group) && has(versions, resource.version)
            && (scope == "*" || (scope == "Namespaced") == resource.isNamespaced)
            && resources.contains { Self.names($0, resource.plural, subresource ?? "") }
    }

    private static func names(_ pattern: String, _ plural: String, _ subresource: String) -> Bool {
        let parts = pattern.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let part = parts.count > 1 ? parts[1] : ""
        return (parts[0] == "*" || parts[0] == plural) && (part == "*" || part == subresource)
    }
}

/// What is done to an object, in the words of admission.
enum AdmissionOperation: String, Sendable {
    case create = "CREATE"
    case update = "UPDATE"
    case delete = "DELETE"
}

extension Webhook {
    /// In which version of `resource` the webhook is to see its objects; `nil` where it is not asked about them.
    func version(
        _ operation: AdmissionOperation, _ resource: Resource, subresource: String?, _ registry: ResourceRegistry
    ) -> Resource? {
        if rules.contains(where: { $0.matches(operation, resource, subresource: subresource) }) { return resource }
        guard matchesEquivalents else { return nil }
        return registry.definitions.lazy.map(\.resource).first { other in
            other.group == resource.group && other.plural == resource.plural && other.version != resource.version
                && rules.contains { $0.matches(operation, other, subresource: subresource) }
        }
    }
}
