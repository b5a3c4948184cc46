package import JSONModel
package import KubeModel

/// A `ResourceClient` for any Kubernetes API server, Martlet's own among them.
///
/// Must be shut down after use. Failures to reach the server are thrown as `Status` with the code 503.
package final class HTTPSResourceClient: ResourceClient {
    private let transport: HTTPSTransport

    /// - Parameter userAgent: becomes the field manager of writes that name none, up to its first `/`.
    package init(_ connection: KubeConnection, userAgent: String = "martlet") throws {
        transport = try HTTPSTransport(connection, userAgent: userAgent)
    }

    /// - Parameter context: `nil` for the kubeconfig's current one.
    package convenience init(
        kubeconfig: Kubeconfig, context: String? = nil, userAgent: String = "martlet"
    ) throws {
        try self.init(kubeconfig.connection(context: context), userAgent: userAgent)
    }

    package func shutdown() async throws { try await transport.shutdown() }

    /// The answer to any request, whole.
    package func send(_ request: KubeRequest) async throws -> JSONValue { try await transport.json(request) }

    /// The answer to any request, part by part as it comes.
    package func stream(_ request: KubeRequest) async throws -> ByteStream { try await transport.stream(request) }

    /// The log of one container of the pod `key`.
    package func logs(_ key: ObjectKey, _ options: PodLogOptions) async throws -> ByteStream {
        try await transport.stream(.logs(key, options))
    }

    package func get(_ resource: Resource, _ key: ObjectKey) async throws -> Object {
        try Object(await send(.get(resource, named(key))))
    }

    package func list(_ resource: Resource, namespace: String?, _ options: ListOptions) async throws -> ObjectList {
        ObjectList(json: try await send(.list(resource, namespace: namespace, options)), of: resource)
    }

    package func create(_ resource: Resource, _ object: Object, _ options: WriteOptions) async throws -> Object {
        Object(try await send(.create(resource, object, options)))
    }

    package func replace(
        _ resource: Resource, _ object: Object, subresource: String?, _ options: WriteOptions
    ) async throws -> Object {
        _ = try named(object.key)
        return Object(try await send(.replace(resource, object, subresource: subresource, options)))
    }

    package func patch(
        _ resource: Resource, _ key: ObjectKey, _ patch: Patch, subresource: String?, _ options: WriteOptions
    ) async throws -> Object {
        try Object(await send(.patch(resource, named(key), patch, subresource: subresource, options)))
    }

    @discardableResult
    package func delete(_ resource: Resource, _ key: ObjectKey, _ options: DeleteOptions) async throws -> Object {
        let answer = try await send(.delete(resource, named(key), options))
        guard answer["kind"]?.stringValue == "Status" else { return Object(answer) }
        // The object is gone, and the server tells only which one it was.
        var object = Object(resource, namespace: key.namespace, name: key.name)
        object.uid = answer[path: "details", "uid"]?.stringValue ?? ""
        return object
    }

    package func watch(
        _ resource: Resource, namespace: String?, _ options: WatchOptions
    ) async throws -> WatchStream {
        let events = SingleReader(WatchLines(try await stream(.watch(resource, namespace: namespace, options))))
        return WatchStream { try await events.next() }
    }

    /// An empty name would address the whole collection.
    private func named(_ key: ObjectKey) throws -> ObjectKey {
        guard !key.name.isEmpty else { throw Status.badRequest("the name of an object may not be empty") }
        return key
    }
}

extension ObjectList {
    /// Reads a list. Its items leave out what the list says once: apiVersion and kind.
    init(json: JSONValue, of resource: Resource) {
        let items = (json["items"]?.arrayValue ?? []).map { item in
            var item = item
            if item["apiVersion"] == nil { item["apiVersion"] = .string(resource.apiVersion) }
            if item["kind"] == nil { item["kind"] = .string(resource.kind) }
            return Object(item)
        }
        let metadata = json["metadata"]
        self.init(
            items: items, resourceVersion: metadata?["resourceVersion"]?.stringValue ?? "",
            continueToken: metadata?["continue"]?.stringValue ?? "",
            remainingItemCount: metadata?["remainingItemCount"]?.intValue)
    }
}
