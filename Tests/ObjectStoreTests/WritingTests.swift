import GRDB
import JSONModel
import KubeModel
import Synchronization
import Testing

@testable import ObjectStore

struct WritingTests {
    struct Refused: Error {}

    let folder: TemporaryFolder
    let store: ObjectStore

    init() throws {
        folder = try TemporaryFolder()
        store = try ObjectStore(path: folder.database)
    }

    private static func code(_ body: () async throws -> Object) async -> StoreError.Code? {
        do {
            _ = try await body()
            return nil
        } catch { return (error as? StoreError)?.code }
    }

    @Test func everyWriteHasARevisionOfItsOwn() async throws {
        let inserted = try await store.insert(widget("a"))
        let replaced = try await store.replace(inserted, with: inserted.resized(2))
        let other = try await store.insert(widget("b"))
        let removed = try await store.remove(replaced)
        #expect([inserted, replaced, other, removed].map(\.resourceVersion) == ["2", "3", "4", "5"])
        #expect(try await store.widgets() == [other])
    }

    @Test func whatIsStoredIsWhatIsRead() async throws {
        var object = widget("a")
        object["spec", "text"] = "quotes \" and \n breaks, ünïcode \u{1F600}, and \u{0} too"
        object["spec", "number"] = .number(.init(literal: "1.0"))
        let stored = try await store.insert(object)
        #expect(try await store.object(.widgets, object.key) == stored)
    }

    @Test func aNameOrAUIDIsTakenOnlyOnce() async throws {
        _ = try await store.insert(widget("a"))
        #expect(await Self.code { try await store.insert(widget("a")) } == .conflict)
        let twin = withUID(widget("a").uid, widget("b"))
        #expect(await Self.code { try await store.insert(twin) } == .conflict)
        _ = try await store.insert(widget("a", namespace: "other"))
    }

    private func withUID(_ uid: String, _ object: Object) -> Object {
        var copy = object
        copy.uid = uid
        return copy
    }

    @Test func onlyTheCurrentRevisionIsReplacedOrRemoved() async throws {
        let first = try await store.insert(widget("a"))
        let second = try await store.replace(first, with: first.resized(2))
        #expect(await Self.code { try await store.replace(first, with: first.resized(3)) } == .conflict)
        #expect(await Self.code { try await store.remove(first) } == .conflict)
        #expect(await Self.code { try await store.remove(widget("none")) } == .conflict)
        #expect(try await store.widgets() == [second])
        #expect(try await store.changes(since: 1).count == 2)
    }

    @Test func aWriteThatFailsLeavesNothing() async throws {
        let result: Void? = try? await store.write { transaction in
            _ = try transaction.insert(widget("a"), .widgets)
            throw Refused()
        }
        #expect(result == nil)
        #expect(try await store.widgets().isEmpty)
        #expect(store.hub.publishedRevision == 1)
        #expect(try await store.insert(widget("b")).resourceVersion == "2")
    }

    @Test func aDryRunSeesItsOwnWritesAndLeavesNothing() async throws {
        let seen = try await store.write(isDryRun: true) { transaction in
            _ = try transaction.insert(widget("a"), .widgets)
            return try transaction.snapshot.objects(.widgets).map(\.name)
        }
        #expect(seen == ["a"])
        #expect(try await store.widgets().isEmpty)
    }

    @Test func aFailureAmongWritesOfOneCommitTakesOnlyItselfBack() async throws {
        let failures = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask { [store] in
                    do {
                        try await store.write { transaction in
                            _ = try transaction.insert(widget("w-\(index)"), .widgets)
                            if index.isMultiple(of: 3) { throw Refused() }
                        }
                        return false
                    } catch { return true }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 67)
        let names = try await store.widgets().map(\.name)
        #expect(Set(names) == Set((0..<200).filter { !$0.isMultiple(of: 3) }.map { "w-\($0)" }))
    }

    @Test func aCancelledTasksWriteIsStillDone() async throws {
        let task = Task { [store] in
            withUnsafeCurrentTask { $0?.cancel() }
            return try await store.insert(widget("a"))
        }
        let stored = try await task.value
        #expect(try await store.object(.widgets, stored.key) == stored)
    }

    @Test func aFullDiskFailsWritesAndNothingElse() async throws {
        // A clock that moves on with each look: every write is tried.
        var configuration = StoreConfiguration()
        let clock = Mutex<Int64>(0)
        configuration.now = {
            clock.withLock {
                $0 += 1
                return $0
            }
        }
        let store = try ObjectStore(path: folder.path + "/full.db", configuration)
        let kept = try await store.insert(widget("kept"))
        try await Self.limitPages(of: store, to: 1)
        let failures = await withTaskGroup(of: StoreError.Code?.self) { group in
            for index in 0..<20 {
                group.addTask { [store] in await Self.code { try await store.insert(Self.large("w\(index)")) } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let written = try await store.widgets()
        #expect(failures.count { $0 == .diskFull } == 20 - (written.count - 1))
        #expect(failures.allSatisfy { $0 == nil || $0 == .diskFull })
        #expect(failures.contains(.diskFull))
        #expect(try await store.changes(since: 1).count == written.count)
        try await Self.limitPages(of: store, to: 1_000_000)
        _ = try await store.insert(Self.large("later"))
        #expect(try await store.object(.widgets, kept.key) == kept)
    }

    /// SQLite's own way to make a disk full; what is used already stays.
    private static func limitPages(of store: ObjectStore, to count: Int) async throws {
        try await store.write { transaction in
            _ = try Int.fetchOne(transaction.snapshot.db, sql: "PRAGMA max_page_count = \(count)")
        }
    }

    private static func large(_ name: String) -> Object {
        var object = widget(name)
        object["spec", "text"] = .string(String(repeating: "x", count: 10_000))
        return object
    }
}
