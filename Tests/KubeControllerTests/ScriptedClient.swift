import JSONModel
import KubeClient
import KubeController
import KubeModel
import Synchronization

/// A server that answers as the test says, call by call.
final class ScriptedClient: ResourceClient {
    struct State {
        var lists: [Result<ObjectList, Status>] = []
        var watches: [Result<WatchStream, Status>] = []
        var watchedFrom: [String?] = []
        var objects: [ObjectKey: Object] = [:]
    }

    let state: Mutex<State>

    init(lists: [Result<ObjectList, Status>] = [], watches: [Result<WatchStream, Status>] = []) {
        state = Mutex(State(lists: lists, watches: watches))
    }

    var watchedFrom: [String?] { state.withLock { $0.watchedFrom } }
    var objects: [Object] { state.withLock { Array($0.objects.values) } }

    func get(_ resource: Resource, _ key: ObjectKey) async throws -> Object {
        guard let object = state.withLock({ $0.objects[key] }) else { throw Status.notFound(resource, key.name) }
        return object
    }

    func list(_ resource: Resource, namespace: String?, _ options: ListOptions) async throws -> ObjectList {
        let next = state.withLock { $0.lists.isEmpty ? nil : $0.lists.removeFirst() }
        guard let next else { throw Status.internalError("the script has no more lists") }
        return try next.get()
    }

    func create(_ resource: Resource, _ object: Object, _ options: WriteOptions) async throws -> Object {
        state.withLock { $0.objects[object.key] = object }
        return object
    }

    func replace(
        _ resource: Resource, _ object: Object, subresource: String?, _ options: WriteOptions
    ) async throws -> Object {
        try await create(resource, object, options)
    }

    /// Merges the top-level fields.
    func patch(
        _ resource: Resource, _ key: ObjectKey, _ patch: Patch, subresource: String?, _ options: WriteOptions
    ) async throws -> Object {
        var object = try await get(resource, key)
        if case .merge(let fields) = patch {
            for member in fields.objectValue ?? [:] { object.json[member.key] = member.value }
        }
        return try await create(resource, object, options)
    }

    func delete(_ resource: Resource, _ key: ObjectKey, _ options: DeleteOptions) async throws -> Object {
        let object = try await get(resource, key)
        state.withLock { $0.objects[key] = nil }
        return object
    }

    func watch(_ resource: Resource, namespace: String?, _ options: WatchOptions) async throws -> WatchStream {
        let next = state.withLock { state -> Result<WatchStream, Status>? in
            state.watchedFrom.append(options.resourceVersion)
            return state.watches.isEmpty ? nil : state.watches.removeFirst()
        }
        return try next?.get() ?? WatchStream { _ in }
    }

    /// A watch that gives these events and then ends, with an error or in its time.
    static func stream(_ events: [WatchEvent], error: Status? = nil) -> Result<WatchStream, Status> {
        .success(
            WatchStream { continuation in
                for event in events { continuation.yield(event) }
                continuation.finish(throwing: error)
            })
    }
}
