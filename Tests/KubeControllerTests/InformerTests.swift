import KubeClient
import KubeModel
import Logging
import Synchronization
import Testing

@testable import KubeController

@Suite("An informer")
struct InformerTests {
    private let time = ManualTime()
    private let pods = Resource(group: "", version: "v1", kind: "Pod", plural: "pods")

    private func informer(_ client: ScriptedClient) -> Informer {
        Informer(pods, client: client, time: time, random: { 0 }, logger: Logger(label: "test"))
    }

    private func list(_ objects: [Object], _ version: String) -> Result<ObjectList, Status> {
        .success(ObjectList(items: objects, resourceVersion: version))
    }

    /// Runs `informer` until `condition` holds.
    private func run(_ informer: Informer, until condition: () -> Bool) async throws {
        let running = Task { await informer.run() }
        defer { running.cancel() }
        try await eventually(condition)
    }

    @Test("fills its store, then follows the watch, telling of each change once")
    func follows() async throws {
        let client = ScriptedClient(
            lists: [list([pod("a", version: 1)], "1")],
            watches: [
                ScriptedClient.stream([.added(pod("b", version: 2)), .deleted(pod("a", version: 3))])
            ])
        let informer = informer(client)
        let seen = Mutex<[Change]>([])
        informer.subscribe { change in seen.withLock { $0.append(change) } }
        try await run(informer) { seen.withLock { $0.count } == 3 }
        #expect(
            seen.withLock { $0 } == [
                .added(pod("a", version: 1)), .added(pod("b", version: 2)), .deleted(pod("a", version: 1)),
            ])
        #expect(informer.store.all.map(\.name) == ["b"])
    }

    @Test("lists again when its version is gone, and tells of what it missed")
    func expired() async throws {
        let client = ScriptedClient(
            lists: [
                list([pod("stays", version: 1), pod("goes", version: 2)], "2"),
                list([pod("stays", version: 1), pod("comes", version: 8)], "9"),
            ],
            watches: [ScriptedClient.stream([], error: .expired("gone"))])
        let informer = informer(client)
        let seen = Mutex<[Change]>([])
        informer.subscribe { change in seen.withLock { $0.append(change) } }
        try await run(informer) { client.watchedFrom.count == 2 }
        #expect(client.watchedFrom == ["2", "9"])
        #expect(
            seen.withLock { $0.suffix(2) } == [.deleted(pod("goes", version: 2)), .added(pod("comes", version: 8))])
    }

    @Test("waits after an error and goes on from the last event")
    func failure() async throws {
        let broken = Status(code: 500, reason: "InternalError", message: "broken")
        let client = ScriptedClient(
            lists: [.failure(broken), list([], "5")],
            watches: [ScriptedClient.stream([.added(pod("a", version: 6))], error: broken)])
        let informer = informer(client)
        let running = Task { await informer.run() }
        defer { running.cancel() }
        try await eventually { time.nextMoment == .milliseconds(800) }
        time.advance(by: .milliseconds(800))
        try await eventually { time.nextMoment == .milliseconds(1600) }
        #expect(informer.store.count == 1)
        time.advance(by: .milliseconds(800))
        try await eventually { client.watchedFrom.count == 2 }
        #expect(client.watchedFrom == ["5", "6"])
    }

    @Test("tells whoever waits when it has its first list")
    func synced() async throws {
        let client = ScriptedClient(lists: [list([pod("a", version: 1)], "1")])
        let informer = informer(client)
        let running = Task { await informer.run() }
        await informer.waitUntilSynced()
        #expect(informer.store.count == 1)
        running.cancel()
        await running.value
    }
}
