import JSONModel
package import KubeClient
package import KubeModel
import ObjectStore

extension ObjectServer {
    /// Creates, replaces or patches an object.
    ///
    /// Throws `Status`: 404, `AlreadyExists`, `Conflict`, `Invalid` with every cause, and so on.
    ///
    /// - Parameters:
    ///   - key: where; of an object to be created the name may be left out here, or in both for `generateName`.
    ///   - review: throws where the write must not be; see `WriteReview`.
    ///   - subresource: `status`, `scale` (whose objects are autoscaling/v1 Scales), or `nil` for the object itself.
    package func write(
        _ write: Write, _ resource: Resource, _ key: ObjectKey, subresource: String? = nil,
        _ options: WriteOptions = WriteOptions(), review: WriteReview? = nil
    ) async throws -> WriteOutcome {
        let request = WriteRequest(
            definition: try registry.definition(resource), key: key, options: options,
            subresource: try Subresource(subresource, of: registry.definition(resource)), review: review,
            isPatch: write.isPatch)
        let concerned = webhooks.concerned(write, request, registry)
        return concerned.isEmpty ? try await perform(write, request) : try await reviewed(write, request, concerned)
    }
}

/// Looks at what a write would store, and at what it would replace, inside the write's transaction; throws where it
/// must not be stored.
package typealias WriteReview = @Sendable (_ object: Object, _ old: Object?) throws(Status) -> Void

/// What a write is about, beside its content.
struct WriteRequest: Sendable {
    var definition: ResourceDefinition
    var key: ObjectKey
    var options: WriteOptions
    var subresource: Subresource = .none
    var review: WriteReview?
    var isPatch = false
    /// Whether what is to be written comes from server-side apply, which has its own account of who owns what.
    var isApplied = false

    /// Who writes.
    var manager: String { options.fieldManager.flatMap { $0.isEmpty ? nil : $0 } ?? "martlet" }
    var resource: Resource { definition.resource }
    var stored: GroupResource { GroupResource(definition.resource) }

    /// What the caller is shown of what was stored: a dry run makes no resourceVersion.
    func shown(_ stored: Object, over old: Object?) -> Object {
        guard options.isDryRun else { return stored }
        var object = stored
        object.json[path: "metadata", "resourceVersion"] = old?.json[path: "metadata", "resourceVersion"]
        return object
    }
}

/// The part of an object that a request is about.
enum Subresource: Sendable {
    /// The object itself.
    case none
    case status
    case scale(ResourceDefinition.Scale)

    /// Throws a 404 where the resource has no such part.
    init(_ name: String?, of definition: ResourceDefinition) throws(Status) {
        switch (name, definition.scale) {
        case (nil, _), ("", _): self = .none
        case ("status", _) where definition.hasStatus: self = .status
        case ("scale", let scale?): self = .scale(scale)
        default: throw .noSuchResource
        }
    }

    var isStatus: Bool { name == "status" }

    /// As in paths; `nil` for the object itself.
    var name: String? {
        switch self {
        case .none: nil
        case .status: "status"
        case .scale: "scale"
        }
    }
}
