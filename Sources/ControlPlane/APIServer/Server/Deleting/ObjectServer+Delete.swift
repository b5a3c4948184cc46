package import KubeClient
package import KubeModel
import ObjectStore

/// What came of a deletion.
package struct DeleteOutcome: Sendable {
    /// As it last was, or as it is while something keeps it.
    package var object: Object
    /// Whether it is gone, and not kept by finalizers, a grace period or its contents.
    package var isGone: Bool
    /// What a person should be told.
    package var warnings: [String] = []
}

extension ObjectServer {
    /// Deletes one object.
    ///
    /// Throws `Status`: 404, or `Conflict` where a precondition does not hold.
    package func remove(_ resource: Resource, _ key: ObjectKey, _ options: DeleteOptions = DeleteOptions())
        async throws -> DeleteOutcome
    {
        let request = DeleteRequest(
            definition: try registry.definition(resource), options: options, policy: try DeletePolicy(options))
        let concerned = webhooks.concerned(.delete, resource, subresource: nil, registry)
        return concerned.isEmpty
            ? try await delete(request, key) : try await reviewedRemoval(request, key, concerned)
    }

    /// Deletes every object of a namespace (`nil`: of all) that the selectors match, and answers with them as they were. Those that
    /// cannot be deleted (permanent namespaces) stay.
    package func removeAll(
        _ resource: Resource, namespace: String?, _ selection: ListOptions, _ options: DeleteOptions = DeleteOptions()
    ) async throws -> [Object] {
        let request = DeleteRequest(
            definition: try registry.definition(resource), options: options, policy: try DeletePolicy(options))
        let selector = try ObjectSelector(selection.labelSelector, selection.fieldSelector, of: request.definition)
        let concerned = webhooks.concerned(.delete, resource, subresource: nil, registry)
        guard concerned.isEmpty else {
            return try await reviewedRemovals(request, concerned, namespace, selector)
        }
        return try await write(isDryRun: options.isDryRun) { scope in
            var deleted: [Object] = []
            for object in try scope.snapshot.objects(request.stored, namespace: namespace)
            where selector.matches(object) && !scope.isPermanent(object, resource) {
                guard let current = try scope.snapshot.object(request.stored, object.key) else { continue }
                _ = try scope.delete(current, request)
                deleted.append(current)
                try scope.settle()
            }
            return deleted
        }
    }
}

/// A deletion, as it was asked for.
struct DeleteRequest: Sendable {
    var definition: ResourceDefinition
    var options: DeleteOptions
    var policy: DeletePolicy

    var resource: Resource { definition.resource }
    var stored: GroupResource { GroupResource(definition.resource) }
}

/// What becomes of the objects that the deleted one owns.
enum DeletePolicy: String, Sendable {
    /// They are deleted after it.
    case background = "Background"
    /// They are deleted, and it goes when those that block it are gone.
    case foreground = "Foreground"
    /// They stay, without an owner.
    case orphan = "Orphan"

    init(_ options: DeleteOptions) throws(Status) {
        guard let name = options.propagationPolicy, !name.isEmpty else {
            self = .background
            return
        }
        guard let policy = DeletePolicy(rawValue: name) else {
            throw .badRequest("propagationPolicy must be Background, Foreground or Orphan; it is \"\(name)\"")
        }
        self = policy
    }
}
