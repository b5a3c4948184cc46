import JSONModel
package import KubeClient
package import KubeModel

/// A claim on an object's end: the object is not removed before the finalizer is taken off it.
package struct Finalizer: Sendable, Hashable {
    package let name: String

    package init(_ name: String) { self.name = name }

    package func isOn(_ object: Object) -> Bool { object.finalizers.contains(name) }

    /// Puts the finalizer on a stored object that is not being deleted; answers with the object as it then is.
    ///
    /// - Throws: `Status`; `Conflict` where the object changed meanwhile.
    package func add(to object: Object, _ resource: Resource, _ client: any ResourceClient) async throws -> Object {
        guard !isOn(object), !object.isBeingDeleted else { return object }
        return try await write(object.finalizers + [name], object, resource, client)
    }

    /// Takes the finalizer off; an object that is gone already is no error.
    ///
    /// - Throws: `Status`; `Conflict` where the object changed meanwhile.
    package func remove(from object: Object, _ resource: Resource, _ client: any ResourceClient) async throws {
        guard isOn(object) else { return }
        do {
            _ = try await write(object.finalizers.filter { $0 != name }, object, resource, client)
        } catch let status as Status where status.isNotFound {
            return
        }
    }

    private func write(
        _ finalizers: [String], _ object: Object, _ resource: Resource, _ client: any ResourceClient
    ) async throws -> Object {
        let metadata: JSONValue = [
            "resourceVersion": .string(object.resourceVersion),
            "finalizers": finalizers.isEmpty ? .null : .array(finalizers.map { .string($0) }),
        ]
        return try await client.patch(resource, object.key, .merge(["metadata": metadata]))
    }
}
