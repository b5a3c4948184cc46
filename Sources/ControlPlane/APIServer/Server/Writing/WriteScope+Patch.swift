import JSONModel
import KubeClient
import KubeModel
import ObjectStore

extension WriteScope {
    /// A patch always meets the latest state: only one that names a resourceVersion can conflict.
    mutating func patch(_ patch: Patch, _ request: WriteRequest) throws -> WriteOutcome {
        if case .scale(let scale) = request.subresource { return try patchScale(patch, scale, request) }
        if case .apply(let json, let force) = patch { return try apply(Object(json), force: force, request) }
        let current = try existing(request.resource, request.key)
        let proposed = try addressed(Object(try patched(current.json, patch, request.definition)), request)
        guard proposed.uid.isEmpty || proposed.uid == current.uid else {
            let cause = Status.Cause.invalid(FieldPath("metadata", "uid"), proposed.uid, "field is immutable")
            throw Status.invalid(request.resource.gvk, current.name, [cause])
        }
        return try update(current, to: proposed, request)
    }

    /// `document` with the patch applied, whatever it makes of it.
    func patched(_ document: JSONValue, _ patch: Patch, _ definition: ResourceDefinition) throws(Status) -> JSONValue {
        switch patch {
        case .json(let operations): return try applied(operations, to: document)
        case .merge(let changes): return document.merging(patch: changes)
        case .strategicMerge(let changes) where definition.takesStrategicMerge:
            return try definition.schema.asResource.strategicMerge(changes, into: document)
        case .strategicMerge, .apply: throw .unsupportedPatch
        }
    }

    private func applied(_ operations: JSONValue, to document: JSONValue) throws(Status) -> JSONValue {
        let patch: JSONPatch
        do { patch = try JSONPatch(operations) } catch { throw .badRequest("the JSON patch cannot be read: \(error)") }
        do { return try patch.applied(to: document) } catch {
            throw Status(code: 422, reason: "Invalid", message: "the JSON patch cannot be applied: \(error)")
        }
    }
}

extension Status {
    static let unsupportedPatch = Status(
        code: 415, reason: "UnsupportedMediaType",
        message: "the body of the request was in an unknown format - accepted media types include: "
            + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
}
