package import JSONModel
package import KubeModel

/// The one way in which the parts of Martlet read and write objects: in process, against Martlet's own API server, or
/// over HTTPS against any Kubernetes API server. Every call throws `Status`.
package protocol ResourceClient: Sendable {
    func get(_ resource: Resource, _ key: ObjectKey) async throws -> Object

    /// - Parameter namespace: `nil` for all namespaces, or for cluster-scoped resources.
    func list(_ resource: Resource, namespace: String?, _ options: ListOptions) async throws -> ObjectList

    /// The object's own namespace and name say where.
    func create(_ resource: Resource, _ object: Object, _ options: WriteOptions) async throws -> Object

    /// Replaces the object (or with `subresource: "status"` only its status). With a resourceVersion in the object it
    /// fails with `Conflict` when another write came first.
    func replace(_ resource: Resource, _ object: Object, subresource: String?, _ options: WriteOptions) async throws
        -> Object

    func patch(
        _ resource: Resource, _ key: ObjectKey, _ patch: Patch, subresource: String?, _ options: WriteOptions
    ) async throws -> Object

    /// Answers with the object as it was, or as it is when finalizers keep it.
    @discardableResult
    func delete(_ resource: Resource, _ key: ObjectKey, _ options: DeleteOptions) async throws -> Object

    /// A stream of changes that ends when the server says so (timeout, restart) or throws `Status`; `isExpired` means:
    /// list again. Cancelling the task that reads it ends the watch.
    func watch(_ resource: Resource, namespace: String?, _ options: WatchOptions) async throws -> WatchStream
}

extension ResourceClient {
    package func list(_ resource: Resource, namespace: String? = nil) async throws -> ObjectList {
        try await list(resource, namespace: namespace, ListOptions())
    }

    package func create(_ resource: Resource, _ object: Object) async throws -> Object {
        try await create(resource, object, WriteOptions())
    }

    package func replace(_ resource: Resource, _ object: Object, subresource: String? = nil) async throws -> Object {
        try await replace(resource, object, subresource: subresource, WriteOptions())
    }

    package func patch(
        _ resource: Resource, _ key: ObjectKey, _ patch: Patch, subresource: String? = nil
    ) async throws -> Object {
        try await self.patch(resource, key, patch, subresource: subresource, WriteOptions())
    }

    /// Server-side apply of `object` by `manager`: the fields in it, and no others, are the manager's.
    @discardableResult
    package func apply(
        _ resource: Resource, _ object: Object, by manager: String, subresource: String? = nil, force: Bool = true
    ) async throws -> Object {
        try await patch(
            resource, object.key, .apply(object.json, force: force), subresource: subresource,
            WriteOptions(fieldManager: manager))
    }

    @discardableResult
    package func delete(_ resource: Resource, _ key: ObjectKey) async throws -> Object {
        try await delete(resource, key, DeleteOptions())
    }
}

/// The body of a PATCH, by its content type.
package enum Patch: Sendable, Hashable {
    /// RFC 6902.
    case json(JSONValue)
    /// RFC 7386.
    case merge(JSONValue)
    /// Kubernetes' own merge for built-in types, with merge keys for lists.
    case strategicMerge(JSONValue)
    /// Server-side apply.
    case apply(JSONValue, force: Bool)
}

package struct ListOptions: Sendable, Hashable {
    package var labelSelector: LabelSelector
    /// `metadata.name=x,status.phase!=Running`.
    package var fieldSelector: String?
    /// At most so many objects; 0 for all.
    package var limit: Int
    package var continueToken: String?
    package var resourceVersion: String?
    package var resourceVersionMatch: String?

    package init(
        labelSelector: LabelSelector = .everything, fieldSelector: String? = nil, limit: Int = 0,
        continueToken: String? = nil, resourceVersion: String? = nil, resourceVersionMatch: String? = nil
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.limit = limit
        self.continueToken = continueToken
        self.resourceVersion = resourceVersion
        self.resourceVersionMatch = resourceVersionMatch
    }
}

package struct ObjectList: Sendable {
    package var items: [Object]
    /// Watch from here to miss nothing.
    package var resourceVersion: String
    /// Empty when the list is complete.
    package var continueToken: String
    package var remainingItemCount: Int?

    package init(
        items: [Object], resourceVersion: String, continueToken: String = "", remainingItemCount: Int? = nil
    ) {
        self.items = items
        self.resourceVersion = resourceVersion
        self.continueToken = continueToken
        self.remainingItemCount = remainingItemCount
    }
}

package struct WriteOptions: Sendable, Hashable {
    /// Who writes, for `managedFields`.
    package var fieldManager: String?
    package var isDryRun: Bool
    /// `Ignore`, `Warn` or `Strict`: what happens to fields that the schema does not know.
    package var fieldValidation: String?

    package init(fieldManager: String? = nil, isDryRun: Bool = false, fieldValidation: String? = nil) {
        self.fieldManager = fieldManager
        self.isDryRun = isDryRun
        self.fieldValidation = fieldValidation
    }
}

package struct DeleteOptions: Sendable, Hashable {
    /// `Background` (the default), `Foreground` or `Orphan`.
    package var propagationPolicy: String?
    package var gracePeriodSeconds: Int?
    package var preconditionUID: String?
    package var preconditionResourceVersion: String?
    package var isDryRun: Bool

    package init(
        propagationPolicy: String? = nil, gracePeriodSeconds: Int? = nil, preconditionUID: String? = nil,
        preconditionResourceVersion: String? = nil, isDryRun: Bool = false
    ) {
        self.propagationPolicy = propagationPolicy
        self.gracePeriodSeconds = gracePeriodSeconds
        self.preconditionUID = preconditionUID
        self.preconditionResourceVersion = preconditionResourceVersion
        self.isDryRun = isDryRun
    }
}
