package import KubeClient
package import KubeModel
import ObjectStore

extension ObjectServer {
    /// The resourceVersion of the store as a whole.
    package func currentResourceVersion() async throws -> String { String(try await read { try $0.revision() }) }

    /// The object, or its scale.
    ///
    /// Throws `Status`: 404 where there is no such object, resource or subresource.
    package func get(_ resource: Resource, _ key: ObjectKey, subresource: String?) async throws -> Object {
        let subresource = try Subresource(subresource, of: try registry.definition(resource))
        let version = try await version(resource, key)
        let object = try await Self.answering { try version.object() }
        if case .scale(let paths) = subresource { return Scale.of(object, paths) }
        return object.shown(as: resource)
    }

    /// The object as it is stored.
    ///
    /// Throws a 404 where there is no such object or resource.
    func version(_ resource: Resource, _ key: ObjectKey) async throws -> ObjectVersion {
        _ = try registry.definition(resource)
        let version = try await Self.answering { try await store.version(GroupResource(resource), key) }
        guard let version else { throw Status.notFound(resource, key.name) }
        return version
    }

    package func list(_ resource: Resource, namespace: String?, _ options: ListOptions) async throws -> ObjectList {
        let query = try ListQuery(try registry.definition(resource), namespace: namespace, options)
        return try await read { snapshot in
            let page = try query.run(snapshot)
            return ObjectList(
                items: try page.versions.map { try $0.object().shown(as: resource) },
                resourceVersion: String(page.revision),
                continueToken: page.next?.text ?? "", remainingItemCount: page.remaining)
        }
    }

    /// A page of a list as it is stored.
    func page(_ query: ListQuery) async throws -> ListPage { try await read { try query.run($0) } }
}
