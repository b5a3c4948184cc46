package import KubeClient
package import KubeModel

extension ObjectServer: ResourceClient {
    package func get(_ resource: Resource, _ key: ObjectKey) async throws -> Object {
        try await get(resource, key, subresource: nil)
    }

    package func create(_ resource: Resource, _ object: Object, _ options: WriteOptions) async throws -> Object {
        try await write(.create(object), resource, object.key, options).object
    }

    package func replace(
        _ resource: Resource, _ object: Object, subresource: String?, _ options: WriteOptions
    ) async throws -> Object {
        try await write(.replace(object), resource, object.key, subresource: subresource, options).object
    }

    package func patch(
        _ resource: Resource, _ key: ObjectKey, _ patch: Patch, subresource: String?, _ options: WriteOptions
    ) async throws -> Object {
        try await write(.patch(patch), resource, key, subresource: subresource, options).object
    }

    @discardableResult
    package func delete(_ resource: Resource, _ key: ObjectKey, _ options: DeleteOptions) async throws -> Object {
        try await remove(resource, key, options).object
    }
}
