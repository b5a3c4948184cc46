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
        guard let object = try await read({ try $0.object(GroupResource(resource), key) }) else {
            throw Status.notFound(resource, key.name)
        }
        if case .scale(let paths) = subresource { return Scale.of(object, paths) }
        return object.shown(as: resource)
    }

    package func list(_ resource: Resource, namespace: String?, _ options: ListOptions) async throws -> ObjectList {
        let definition = try registry.definition(resource)
        let query = ListQuery(
            resource: GroupResource(resource), namespace: namespace,
            selector: try ObjectSelector(options.labelSelector, options.fieldSelector, of: definition),
            limit: options.limit > 0 ? options.limit : Int.max,
            token: try options.continueToken.flatMap { $0.isEmpty ? nil : $0 }.map(ContinueToken.init))
        return try await read { snapshot in
            try ListQuery.check(options, snapshot)
            var list = try query.run(snapshot)
            if definition.customDefinition != nil { list.items = list.items.map { $0.shown(as: resource) } }
            return list
        }
    }
}

/// One page of a list.
struct ListQuery: Sendable {
    var resource: GroupResource
    var namespace: String?
    var selector: ObjectSelector
    var limit: Int
    var token: ContinueToken?

    func run(_ snapshot: Snapshot) throws -> ObjectList {
        var items: [Object] = []
        var hasMore = false
        try snapshot.visit(resource, namespace: namespace, after: token?.after) { object in
            guard selector.matches(object) else { return true }
            hasMore = items.count == limit
            if !hasMore { items.append(object) }
            return !hasMore
        }
        let revision = try token?.revision ?? snapshot.revision()
        var list = ObjectList(items: items, resourceVersion: String(revision))
        guard hasMore, let last = items.last else { return list }
        list.continueToken = ContinueToken(revision: revision, after: last.key).text
        if selector.isEverything {
            list.remainingItemCount = try snapshot.count(resource, namespace: namespace, after: last.key)
        }
        return list
    }

    /// A list shows the present: older versions are gone, newer ones not there yet.
    static func check(_ options: ListOptions, _ snapshot: Snapshot) throws {
        guard let text = options.resourceVersion, !text.isEmpty, text != "0" else { return }
        guard let wished = Int(text) else { throw Status.badRequest("resourceVersion \"\(text)\" is no number") }
        let current = try snapshot.revision()
        if wished > current {
            throw Status(
                code: 504, reason: "Timeout", message: "Too large resource version: \(wished), current: \(current)",
                retryAfterSeconds: 1)
        }
        if options.resourceVersionMatch == "Exact", wished < current {
            throw Status.expired("resourceVersion \(wished) is gone, the store is at \(current): list without it")
        }
    }
}
