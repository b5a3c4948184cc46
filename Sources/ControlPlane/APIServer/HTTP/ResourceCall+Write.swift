import JSONModel
import KubeClient
import KubeModel

extension ResourceCall {
    func create() async throws -> APIResponse {
        let options = try WriteOptions(request)
        let (object, warnings) = try request.checkedObject(
            definition, resource.gvk, namespace: target.namespace, name: nil)
        var outcome = try await server.write(.create(object), resource, object.key, options, review: review)
        outcome.warnings = warnings + outcome.warnings
        return try response(outcome, nil, code: 201)
    }

    func replace(_ name: String, _ subresource: String?) async throws -> APIResponse {
        let gvk = subresource == "scale" ? Scale.gvk : resource.gvk
        let options = try WriteOptions(request)
        let (object, warnings) = try request.checkedObject(definition, gvk, namespace: target.namespace, name: name)
        if subresource != "scale" { try await requireVersion(of: object) }
        var outcome = try await server.write(
            .replace(object), resource, key(name), subresource: subresource, options, review: review)
        outcome.warnings = warnings + outcome.warnings
        return try response(outcome, subresource)
    }

    /// Custom resources are not replaced whatever is there: who replaces one says what it has seen.
    private func requireVersion(of object: Object) async throws {
        guard !definition.takesStrategicMerge, object.resourceVersion.isEmpty else { return }
        _ = try await server.get(resource, object.key)
        let path = FieldPath("metadata", "resourceVersion")
        let kind = GroupVersionKind(group: resource.group, version: resource.version, kind: resource.plural)
        throw Status.invalid(
            kind, object.name,
            [.invalid(path, "0x0", "must be specified for an update: that of the object you have read")])
    }

    func patch(_ name: String, _ subresource: String?) async throws -> APIResponse {
        let options = try WriteOptions(request)
        let patch = try request.patch()
        if case .apply = patch, query["fieldManager"] == nil {
            throw Status.invalid(
                GroupVersionKind(group: "meta.k8s.io", version: "v1", kind: "PatchOptions"), "",
                [.init(reason: "FieldValueRequired", message: "is required for apply patch", field: "fieldManager")])
        }
        let outcome = try await server.write(
            .patch(patch), resource, key(name), subresource: subresource, options, review: review)
        return try response(outcome, subresource, code: outcome.isCreated ? 201 : 200)
    }

    func delete(_ name: String) async throws -> APIResponse {
        let outcome = try await server.remove(resource, key(name), DeleteOptions(request))
        let json = outcome.isGone ? deleted(outcome.object) : try rendering().object(outcome.object)
        var response = APIResponse.json(json)
        response.warnings = outcome.warnings
        return response
    }

    func deleteCollection() async throws -> APIResponse {
        let objects = try await server.removeAll(
            resource, namespace: target.namespace, ListOptions(query), DeleteOptions(request))
        let list = ObjectList(items: objects, resourceVersion: try await server.currentResourceVersion())
        return .json(try rendering().list(list))
    }

    private func response(_ outcome: WriteOutcome, _ subresource: String?, code: Int = 200) throws -> APIResponse {
        var response = APIResponse.json(try render(outcome.object, subresource), code: code)
        response.warnings = outcome.warnings
        return response
    }

    private func deleted(_ object: Object) -> JSONValue {
        var details: JSONValue = [
            "name": .string(object.name), "kind": .string(resource.plural), "uid": .string(object.uid),
        ]
        if !resource.group.isEmpty { details["group"] = .string(resource.group) }
        return [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": details,
        ]
    }
}
