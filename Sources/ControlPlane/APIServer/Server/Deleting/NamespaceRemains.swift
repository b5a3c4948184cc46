import KubeModel
import ObjectStore

/// What keeps a namespace that is being deleted: the objects that are left in it, and their finalizers.
struct NamespaceRemains {
    /// Objects by resource, as `configmaps.`.
    private var resources: [String: Int] = [:]
    /// Objects by finalizer.
    private var finalizers: [String: Int] = [:]

    init(_ contents: [StoredObject]) {
        for stored in contents {
            resources["\(stored.resource)\(stored.resource.name.contains(".") ? "" : ".")", default: 0] += 1
            for finalizer in stored.object.finalizers { finalizers[finalizer, default: 0] += 1 }
        }
    }

    /// The conditions of Kubernetes' namespace controller, in its order.
    var conditions: [Condition] {
        [
            Condition(
                "NamespaceDeletionDiscoveryFailure", "False", reason: "ResourcesDiscovered",
                message: "Every resource of this server was looked through."),
            Condition(
                "NamespaceDeletionGroupVersionParsingFailure", "False", reason: "ParsedGroupVersions",
                message: "Every API group could be read."),
            Condition(
                "NamespaceDeletionContentFailure", "False", reason: "ContentDeleted",
                message: "Everything is deleted; what has finalizers waits for them."),
            remaining(
                "NamespaceContentRemaining", resources, some: "SomeResourcesRemain", none: "ContentRemoved",
                "Objects are left:"),
            remaining(
                "NamespaceFinalizersRemaining", finalizers, some: "SomeFinalizersRemain",
                none: "ContentHasNoFinalizers", "Finalizers are left:"),
        ]
    }

    private func remaining(
        _ type: String, _ counts: [String: Int], some: String, none: String, _ intro: String
    ) -> Condition {
        guard !counts.isEmpty else { return Condition(type, "False", reason: none, message: "Nothing is left.") }
        let list = counts.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        return Condition(type, "True", reason: some, message: "\(intro) \(list)")
    }
}
