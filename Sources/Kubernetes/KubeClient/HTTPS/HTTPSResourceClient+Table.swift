package import JSONModel
package import KubeModel

extension HTTPSResourceClient {
    /// The `Table` (meta.k8s.io/v1) of one object or a list: what `kubectl get` prints.
    ///
    /// - Parameters:
    ///   - name: `nil` for all objects that `options` select.
    package func table(
        _ resource: Resource, namespace: String?, name: String? = nil, _ options: ListOptions = ListOptions()
    ) async throws -> JSONValue {
        guard let name else { return try await send(.list(resource, namespace: namespace, options).asTable) }
        return try await send(.get(resource, ObjectKey(namespace: namespace, name: name)).asTable)
    }
}
