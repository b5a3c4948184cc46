import JSONModel
import KubeAccess
import KubeClient
import KubeModel
import ObjectStore
import ServingAPI

/// The roles and bindings that are there from the start.
///
/// As in Kubernetes, each start puts back rules and subjects that are missing; what users added stays, and an object
/// whose annotation `rbac.authorization.kubernetes.io/autoupdate` is not "true" is left alone.
enum BootstrapPolicy {
    private static let autoupdate = "rbac.authorization.kubernetes.io/autoupdate"
    private static let label = "kubernetes.io/bootstrapping"

    static func reconcile(_ server: ObjectServer) async throws {
        let definitions = try Dictionary(
            uniqueKeysWithValues: [Resource.clusterRoles, .clusterRoleBindings].map {
                ($0, try server.registry.definition($0))
            })
        let wanted =
            BootstrapRoles.all.map { (Resource.clusterRoles, $0) }
            + BootstrapRoles.bindings.map { (Resource.clusterRoleBindings, $0) }
        let changes = try await server.read { snapshot -> [(Resource, Object, Bool)] in
            try wanted.compactMap { resource, object in
                let live = try snapshot.object(GroupResource(resource), object.key)
                return change(marked(object), live).map { (resource, $0, live == nil) }
            }
        }
        guard !changes.isEmpty else { return }
        try await server.write { scope in
            for (resource, object, isNew) in changes {
                guard let definition = definitions[resource] else { continue }
                let request = WriteRequest(
                    definition: definition, key: object.key,
                    options: WriteOptions(fieldManager: "martlet-bootstrap"))
                if isNew { _ = try scope.create(object, request) } else { _ = try scope.replace(with: object, request) }
            }
        }
    }

    private static func marked(_ object: Object) -> Object {
        var object = object
        object.labels[label] = "rbac-defaults"
        object.annotations[autoupdate] = "true"
        return object
    }

    /// What to write so that `live` has all that `wanted` has; `nil` where it has.
    static func change(_ wanted: Object, _ live: Object?) -> Object? {
        guard var object = live else { return wanted }
        guard object.annotations[autoupdate] == "true" else { return nil }
        // Those of aggregated roles are the controller's.
        if wanted.json["aggregationRule"] == nil { addRules(wanted, to: &object) }
        add(wanted, "subjects", to: &object)
        for (key, value) in wanted.labels { object.labels[key] = value }
        if object.json["aggregationRule"] == nil { object.json["aggregationRule"] = wanted.json["aggregationRule"] }
        return object == live ? nil : object
    }

    private static func addRules(_ wanted: Object, to object: inout Object) {
        let held = (object.json["rules"]?.arrayValue ?? []).map(PolicyRule.init)
        let rules = (wanted.json["rules"]?.arrayValue ?? []).filter {
            !PolicyRule.missing([PolicyRule($0)], heldBy: held).isEmpty
        }
        guard !rules.isEmpty else { return }
        object.json["rules"] = .array((object.json["rules"]?.arrayValue ?? []) + rules)
    }

    private static func add(_ wanted: Object, _ list: String, to object: inout Object) {
        let live = object.json[list]?.arrayValue ?? []
        let missing = (wanted.json[list]?.arrayValue ?? []).filter { !live.contains($0) }
        if !missing.isEmpty { object.json[list] = .array(live + missing) }
    }
}
