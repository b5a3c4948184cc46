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
        #expect(changes.map(\.object) == [first, second, third])
        #expect(changes.map(\.previous) == [nil, first, second])
        #expect(try await store.changes(since: 3).map(\.revision) == [4])
        #expect(try await store.changes(since: 4).isEmpty)
    }

    @Test func aRevisionThatIsNotYetThereIsExpired() async throws {
        let store = try ObjectStore(path: folder.database)
        let error = await #expect(throws: Status.self) { try await store.changes(since: 2) }
        #expect(error?.isExpired == true)
    }

    @Test func oldChangesAreForgottenAndAskingForThemIsExpired() async throws {
        let store = try ObjectStore(path: folder.database, changeLimit: 150)
        var object = try await store.insert(widget("a"))
        for size in 1...450 { object = try await store.replace(object, with: object.resized(size)) }
        let error = await #expect(throws: Status.self) { try await store.changes(since: 100) }
        #expect(error?.isExpired == true)
        #expect(error?.message.hasPrefix("too old resource version: 100 (") == true)
        // Compacted at 400: 1 to 250 are gone. What went before the oldest change is no longer known.
        let kept = try await store.changes(since: 250)
        #expect(kept.map(\.revision) == Array(251...452))
        #expect(kept.first?.previous == nil)
        #expect(kept.dropFirst().allSatisfy { $0.previous != nil })
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
        #expect(store.hub.observerCount == 0)
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
