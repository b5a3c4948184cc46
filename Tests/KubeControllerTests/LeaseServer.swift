import JSONModel
import KubeClient
import KubeController
import KubeModel
import Synchronization

/// A server of one Lease, with optimistic concurrency; it can be made unreachable.
final class LeaseServer: ResourceClient {
    struct State {
        var lease: Object?
        var version = 0
        var isDown = false
        var writes: [String] = []
    }

    let state = Mutex(State())

    var holder: String { state.withLock { $0.lease?["spec", "holderIdentity"]?.stringValue ?? "" } }
    var writes: [String] { state.withLock { $0.writes } }
    func set(down: Bool) { state.withLock { $0.isDown = down } }

    func get(_ resource: Resource, _ key: ObjectKey) async throws -> Object {
        try state.withLock { state in
            try Self.reach(state)
            guard let lease = state.lease else { throw Status.notFound(resource, key.name) }
            return lease
        }
    }

    func create(_ resource: Resource, _ object: Object, _ options: WriteOptions) async throws -> Object {
        try state.withLock { state in
            try Self.reach(state)
            guard state.lease == nil else { throw Status.alreadyExists(resource, object.name) }
            return Self.write(object, &state)
        }
    }

    func replace(
        _ resource: Resource, _ object: Object, subresource: String?, _ options: WriteOptions
    ) async throws -> Object {
        try state.withLock { state in
            try Self.reach(state)
            guard state.lease?.resourceVersion == object.resourceVersion else {
                throw Status.conflict(resource, object.name, "another came first")
            }
            return Self.write(object, &state)
        }
    }

    private static func reach(_ state: State) throws {
        if state.isDown { throw Status(code: 503, reason: "ServiceUnavailable", message: "down") }
    }

    private static func write(_ object: Object, _ state: inout State) -> Object {
        state.version += 1
        var object = object
        object.resourceVersion = String(state.version)
        state.lease = object
        state.writes.append(object["spec", "holderIdentity"]?.stringValue ?? "")
        return object
    }

    private static let unused = Status.internalError("a candidate needs no more than get, create and replace")

    func list(_ resource: Resource, namespace: String?, _ options: ListOptions) async throws -> ObjectList {
        throw Self.unused
    }

    func patch(
        _ resource: Resource, _ key: ObjectKey, _ patch: Patch, subresource: String?, _ options: WriteOptions
    ) async throws -> Object { throw Self.unused }

    func delete(_ resource: Resource, _ key: ObjectKey, _ options: DeleteOptions) async throws -> Object {
        throw Self.unused
    }

    func watch(_ resource: Resource, namespace: String?, _ options: WatchOptions) async throws -> WatchStream {
        throw Self.unused
    }
}
