import JSONModel
import KubeAccess
import KubeClient
import KubeModel
import ServingAPI

/// The Kubernetes API as the one who is logged in may use it.
struct UserAPI: Sendable {
    static let manager = "martlet-dashboard"

    let door: any KubeDoor
    let identity: Identity

    func send(_ request: KubeRequest) async throws -> JSONValue { try await door.send(request, as: identity) }

    func get(_ resource: Resource, _ key: ObjectKey) async throws -> Object {
        guard !key.name.isEmpty else { throw Status.badRequest("the name of an object may not be empty") }
        return Object(try await send(.get(resource, key)))
    }

    /// `nil` where it is not there, or may not be seen.
    func find(_ resource: Resource, _ key: ObjectKey) async -> Object? { try? await get(resource, key) }

    /// - Parameter namespace: `nil`: all that may be seen.
    func list(_ resource: Resource, namespace: String? = nil, labels: [String: String] = [:]) async throws -> [Object] {
        let options = ListOptions(labelSelector: labels.isEmpty ? .everything : LabelSelector(matching: labels))
        do { return try await items(resource, namespace, options) } catch let status as Status
            where status.code == 403 && namespace == nil && resource.isNamespaced
        {
            var found: [Object] = []
            for name in await door.namespaces() { found += (try? await items(resource, name, options)) ?? [] }
            return found
        }
    }

    /// Empty where they may not be seen.
    func listed(_ resource: Resource, namespace: String? = nil, labels: [String: String] = [:]) async -> [Object] {
        (try? await list(resource, namespace: namespace, labels: labels)) ?? []
    }

    private func items(_ resource: Resource, _ namespace: String?, _ options: ListOptions) async throws -> [Object] {
        let json = try await send(.list(resource, namespace: namespace, options))
        return (json["items"]?.arrayValue ?? []).map { item in
            var item = item
            if item["apiVersion"] == nil { item["apiVersion"] = .string(resource.apiVersion) }
            if item["kind"] == nil { item["kind"] = .string(resource.kind) }
            return Object(item)
        }
    }

    func create(_ resource: Resource, _ object: Object, isDryRun: Bool = false) async throws -> Object {
        try await Object(send(.create(resource, object, options(isDryRun))))
    }

    /// - Parameter force: takes fields over from other field managers.
    func apply(
        _ resource: Resource, _ object: Object, isDryRun: Bool = false, force: Bool = true
    ) async throws -> Object {
        try await Object(
            send(
                .patch(
                    resource, object.key, .apply(object.json, force: force), subresource: nil, options(isDryRun))))
    }

    func merge(_ resource: Resource, _ key: ObjectKey, _ patch: JSONValue) async throws {
        _ = try await send(.patch(resource, key, .merge(patch), subresource: nil, options(false)))
    }

    func replace(_ resource: Resource, _ object: Object, isDryRun: Bool = false) async throws -> Object {
        try await Object(send(.replace(resource, object, subresource: nil, options(isDryRun))))
    }

    func delete(_ resource: Resource, _ key: ObjectKey) async throws {
        guard !key.name.isEmpty else { throw Status.badRequest("the name of an object may not be empty") }
        _ = try await send(.delete(resource, key, DeleteOptions()))
    }

    private func options(_ isDryRun: Bool) -> WriteOptions {
        WriteOptions(fieldManager: Self.manager, isDryRun: isDryRun, fieldValidation: "Strict")
    }

    /// Whether one may: as the API answers a SelfSubjectAccessReview.
    func may(_ verb: String, _ resource: Resource, namespace: String? = nil, name: String? = nil) async -> Bool {
        var attributes: JSONValue = [
            "verb": .string(verb), "group": .string(resource.group), "resource": .string(resource.plural),
        ]
        if let namespace { attributes["namespace"] = .string(namespace) }
        if let name { attributes["name"] = .string(name) }
        var request = KubeRequest(.post, path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        request.contentType = MediaType.json
        request.body =
            ([
                "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
                "spec": ["resourceAttributes": attributes],
            ] as JSONValue).serialized()
        return (try? await send(request))?[path: "status", "allowed"]?.boolValue ?? false
    }

    /// The namespaces to choose from: those that may be seen, else those where services may be made.
    func namespaces() async -> [String] {
        if let objects = try? await list(.namespaces) { return objects.map(\.name).sorted() }
        var found: [String] = []
        for name in await door.namespaces() where await may("list", .inferenceServices, namespace: name) {
            found.append(name)
        }
        return found.sorted()
    }
}
