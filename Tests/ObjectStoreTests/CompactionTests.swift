import KubeModel
import Synchronization
import Testing

@testable import ObjectStore

struct CompactionTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func byCountTheOldestChangesAreForgotten() async throws {
        var configuration = StoreConfiguration()
        configuration.retention.count = 150
        let store = try ObjectStore(path: folder.database, configuration)
        var object = try await store.insert(widget("a"))
        for size in 1...450 { object = try await store.replace(object, with: object.resized(size)) }
        let error = await #expect(throws: Status.self) { try await store.changes(since: 100) }
        #expect(error?.isExpired == true)
        #expect(error?.message.hasPrefix("too old resource version: 100 (") == true)
        // Compacted at 400: 1 to 250 are gone. What was before each of the others is known.
        let kept = try await store.changes(since: 250)
        #expect(kept.map(\.revision) == Array(251...452))
        #expect(kept.allSatisfy { $0.previous != nil })
        #expect(try await store.widgets(at: 250).map(\.resourceVersion) == ["250"])
        await #expect(throws: Status.self) { try await store.widgets(at: 249) }
    }

    @Test func byAgeEverythingButTheLatestIsForgotten() async throws {
        let clock = Mutex<Int64>(1000)
        var configuration = StoreConfiguration()
        configuration.now = { clock.withLock { $0 } }
        let store = try ObjectStore(path: folder.database, configuration)
        var object = try await store.insert(widget("a"))
        for size in 1..<250 { object = try await store.replace(object, with: object.resized(size)) }
        #expect(try await store.changes(since: 1).count == 250)
        clock.withLock { $0 += 301 }
        for size in 1...49 { object = try await store.replace(object, with: object.resized(size)) }
        // At revision 300 those of before the long wait are old.
        #expect(try await store.read { try $0.compactedRevision() } == 251)
        #expect(try await store.changes(since: 251).count == 49)
        #expect(try await store.read { try $0.revision() } == 300)
    }

    @Test func anIdleStoreKeepsItsRevision() async throws {
        let clock = Mutex<Int64>(1000)
        var configuration = StoreConfiguration()
        configuration.now = { clock.withLock { $0 } }
        var store = try ObjectStore(path: folder.database, configuration)
        var object = try await store.insert(widget("a"))
        for size in 1..<98 { object = try await store.replace(object, with: object.resized(size)) }
        clock.withLock { $0 += 1_000_000 }
        object = try await store.replace(object, with: object.resized(0))
        #expect(object.resourceVersion == "100")
        #expect(try await store.read { try $0.compactedRevision() } == 99)
        try store.close()
        store = try ObjectStore(path: folder.database, configuration)
        #expect(try await store.read { try $0.revision() } == 100)
        #expect(try await store.changes(since: 99).count == 1)
    }
}
