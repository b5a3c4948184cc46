import JSONModel
import KubeModel
import ServingAPI

/// An object as its user would write it for another place: without what the server and the controllers added.
struct ExportedManifest: Sendable, Hashable {
    let resource: Resource
    let object: Object
    /// What will not work elsewhere as it is.
    let warnings: [String]

    /// What is exported: what users make, by the order in which it is applied. Secrets only when asked for.
    static let resources: [Resource] = [
        .configMaps, .serviceAccounts, .roles, .roleBindings, .servingRuntimes, .clusterServingRuntimes,
        .inferenceServices, .inferenceGraphs, .knativeServices, .httpRoutes, .grpcRoutes, .domainMappings, .authConfigs,
    ]

    /// - Returns: `nil` for an object that no user made.
    init?(_ stored: Object, _ resource: Resource) {
        guard stored.controller == nil, !stored.isBeingDeleted, Self.isUsers(stored), !Self.isEverywhere(stored) else {
            return nil
        }
        var object = stored
        object["status"] = nil
        for field in Self.serversFields { object["metadata", field] = nil }
        object.annotations = stored.annotations.filter { !Self.dropped.contains($0.key) }
        if object.annotations.isEmpty { object["metadata", "annotations"] = nil }
        self.resource = resource
        self.object = object
        warnings = Self.warnings(object)
    }

    /// `<namespace>/inferenceservice-smollm2.yaml`; what is in no namespace stands above.
    var path: String {
        let file = "\(resource.kind.lowercased())-\(object.name.replacing(":", with: "-")).yaml"
        return object.namespace.map { "\($0)/\(file)" } ?? file
    }

    private static let serversFields = [
        "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink", "ownerReferences",
        "finalizers",
    ]
    private static let dropped: Set = [
        "kubectl.kubernetes.io/last-applied-configuration", ServingKeys.judgeState,
    ]

    /// Whether every cluster has it by itself.
    private static func isEverywhere(_ object: Object) -> Bool {
        object.namespace?.hasPrefix("kube-") == true || object.kind == "ServiceAccount" && object.name == "default"
            || object.name == "kube-root-ca.crt"
    }

    /// Whether somebody else than Martlet has set a field of it.
    private static func isUsers(_ object: Object) -> Bool {
        let managers = (object["metadata", "managedFields"]?.arrayValue ?? []).compactMap { $0["manager"]?.stringValue }
        return managers.isEmpty || managers.contains { !$0.hasPrefix("martlet-") }
    }

    private static func warnings(_ object: Object) -> [String] {
        let title = "\(object.kind.lowercased())/\(object.name)"
        let uris = ComponentRole.allCases.flatMap { role in
            ModelPart.parts(of: InferenceService(object, role: role).component).compactMap(\.uri)
        }
        return uris.filter { uri in ["file://", "pypi://"].contains { uri.hasPrefix($0) } }
            .map { "\(title): \($0) is known to this machine only; put the model where the cluster reaches it" }
    }
}
