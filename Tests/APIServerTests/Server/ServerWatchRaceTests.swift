import JSONModel
import KubeClient
import KubeModel
import Testing

@testable import APIServer

/// Watches that begin while others write see every change once, in order, and end with the state that there is.
struct ServerWatchRaceTests {
    let test: TestServer
    var server: ObjectServer { test.server }

    init() async throws { test = try await TestServer() }

    /// What a watcher makes of its events.
    struct Mirror {
        var objects: [String: Object] = [:]
        var versions: [Int] = []

        mutating func take(_ event: WatchEvent) {
            switch event {
            case .added(let object):
                #expect(objects[object.name] == nil, "added twice: \(object.name)")
                set(object)
            case .modified(let object):
                #expect(objects[object.name] != nil, "modified but never added: \(object.name)")
                set(object)
            case .deleted(let object):
                #expect(objects[object.name] != nil, "deleted but never added: \(object.name)")
                objects[object.name] = nil
                versions.append(Int(object.resourceVersion) ?? 0)
            case .bookmark: break
            }
        }

        private mutating func set(_ object: Object) {
            objects[object.name] = object
            versions.append(Int(object.resourceVersion) ?? 0)
        }
    }

    @Test(arguments: [false, true])
    func everyWatcherEndsWithTheSameState(isSelecting: Bool) async throws {
        let mirrors = try await withThrowingTaskGroup(of: Mirror.self) { group in
            for delay in 0..<12 {
                group.addTask { try await mirror(after: delay * 40, isSelecting) }
            }
            try await write(isLast: false)
            try await write(isLast: true)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let expected = try await server.list(.widgets).items.filter { !isSelecting || $0["spec", "size"] == 2 }
        for mirror in mirrors {
            #expect(mirror.objects.values.sorted { $0.key < $1.key } == expected)
        }
    }

    /// Six writers at once on the same few objects; the last write of all tells the watchers to stop.
    private func write(isLast: Bool) async throws {
        guard !isLast else {
            _ = try await server.create(.widgets, widget("zz-last", size: 2))
            return
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<6 {
                group.addTask {
                    for step in 0..<60 { await change("w\((writer + step) % 4)", step) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Whatever the others left there; that it may be too late for it is part of the game.
    private func change(_ name: String, _ step: Int) async {
        let size = JSONValue.number(JSONNumber(step % 3 * 2))
        switch step % 5 {
        case 0: _ = try? await server.create(.widgets, widget(name, size: 2))
        case 4: _ = try? await server.delete(.widgets, key(name))
        default: _ = try? await server.patch(.widgets, key(name), .merge(["spec": .object(["size": size])]))
        }
    }

    private func mirror(after yields: Int, _ isSelecting: Bool) async throws -> Mirror {
        for _ in 0..<yields { await Task.yield() }
        let fields = isSelecting ? "spec.size=2" : ""
        var mirror = Mirror()
        let list = try await server.list(.widgets, namespace: nil, ListOptions(fieldSelector: fields))
        for object in list.items { mirror.take(.added(object)) }
        mirror.versions = []
        let options = WatchOptions(resourceVersion: list.resourceVersion, fieldSelector: fields)
        if mirror.objects["zz-last"] != nil { return mirror }
        for try await event in try await server.watch(.widgets, namespace: nil, options) {
            mirror.take(event)
            if case .added(let object) = event, object.name == "zz-last" { break }
        }
        #expect(mirror.versions == mirror.versions.sorted())
        #expect(Set(mirror.versions).count == mirror.versions.count)
        return mirror
    }
}
