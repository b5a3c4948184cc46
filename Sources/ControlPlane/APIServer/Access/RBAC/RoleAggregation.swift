import JSONModel
import KubeClient
import KubeController
import KubeModel
import ServingAPI

/// Keeps the rules of aggregated ClusterRoles as the roles that their selectors name have them.
struct RoleAggregation: Sendable {
    let client: any ResourceClient

    /// The one key there is: any role may be part of any other.
    static let key = ObjectKey(name: "aggregated")

    /// Aggregated roles can be made of aggregated ones: each write is a change that leads here again, until none is
    /// left to make.
    func reconcile() async throws -> Outcome {
        let roles = try await client.list(.clusterRoles).items
        for role in roles where role.isAggregated && !role.isBeingDeleted {
            let rules = try Self.rules(of: role, from: roles)
            if role.json["rules"]?.arrayValue ?? [] != rules { try await write(rules, to: role) }
        }
        return .done
    }

    private func write(_ rules: [JSONValue], to role: Object) async throws {
        let patch: JSONValue = [
            "metadata": ["resourceVersion": .string(role.resourceVersion)], "rules": .array(rules),
        ]
        _ = try await client.patch(
            .clusterRoles, role.key, .merge(patch), subresource: nil,
            WriteOptions(fieldManager: "clusterrole-aggregation-controller"))
    }

    /// Each rule once, those of the roles in the order of their names.
    static func rules(of role: Object, from roles: [Object]) throws -> [JSONValue] {
        let selectors = try (role["aggregationRule", "clusterRoleSelectors"]?.arrayValue ?? []).map {
            try LabelSelector(json: $0)
        }
        var seen: Set<JSONValue> = []
        return roles.filter { other in
            other.name != role.name && selectors.contains { $0.matches(other.labels) }
        }
        .sorted { $0.name < $1.name }
        .flatMap { $0.json["rules"]?.arrayValue ?? [] }
        .filter { seen.insert($0).inserted }
    }
}

extension Object {
    var isAggregated: Bool { json["aggregationRule"]?.objectValue != nil }
}
