import KubeModel
import Synchronization
import Testing

@testable import ObjectStore

struct ChangeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func changesAreReplayedWithWhatWasBefore() async throws {
        let store = try ObjectStore(path: folder.database)
        let first = try await store.insert(widget("a", size: 1))
        let second = try await store.replace(first, with: first.resized(2))
        let third = try await store.remove(second)
        let changes = try await store.changes(since: 1)
        #expect(changes.map(\.kind) == [.added, .modified, .deleted])
        #expect(changes.map(\.revision) == [2, 3, 4])
        #expect(try changes.map { try $0.version.object() } == [first, second, third])
        #expect(try changes.map { try $0.previous?.object() } == [nil, first, second])
        #expect(try await store.changes(since: 3).map(\.revision) == [4])
        #expect(try await store.changes(since: 4).isEmpty)
    }

    @Test func aRevisionThatIsNotYetThereIsExpired() async throws {
        let store = try ObjectStore(path: folder.database)
        let error = await #expect(throws: Status.self) { try await store.changes(since: 2) }
        #expect(error?.isExpired == true)
    }

    @Test func observersHearOfEveryCommitInOrderBeforeTheWriterDoes() async throws {
        let store = try ObjectStore(path: folder.database)
        let heard = Heard()
        let observation = store.hub.observe(.widgets) { heard.append($0.revision) }
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<16 {
                group.addTask {
                    for index in 0..<20 {
                        guard let stored = try? await store.insert(widget("w-\(writer)-\(index)")) else { return }
                        let revision = Int(stored.resourceVersion) ?? 0
                        #expect(heard.revisions.contains(revision))
                    }
                }
            }
        }
        #expect(heard.revisions == Array(2...321))
        #expect(store.hub.publishedRevision == 321)
        store.hub.end(observation)
        #expect(store.hub.observerCount(of: .widgets) == 0)
        _ = try await store.insert(widget("later"))
        #expect(heard.revisions.count == 320)
    }

    @Test func anObserverMayEndItself() async throws {
        let store = try ObjectStore(path: folder.database)
        let observation = Mutex<ChangeObservation?>(nil)
        let heard = Heard()
        let made = store.hub.observe(.widgets) {
            heard.append($0.revision)
            if let own = observation.withLock({ $0 }) { store.hub.end(own) }
        }
        observation.withLock { $0 = made }
        _ = try await store.insert(widget("a"))
        _ = try await store.insert(widget("b"))
        #expect(heard.revisions == [2])
    }
}

/// The revisions that an observer heard of.
final class Heard: Sendable {
    private let list = Mutex<[Int]>([])

    var revisions: [Int] { list.withLock { $0 } }

    func append(_ revision: Int) { list.withLock { $0.append(revision) } }
}
