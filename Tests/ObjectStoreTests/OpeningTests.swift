import Foundation
import GRDB
import KubeModel
import Testing

@testable import ObjectStore

struct OpeningTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func failure() -> StoreError? {
        do throws(StoreError) {
            _ = try ObjectStore(path: folder.database)
            return nil
        } catch { return error }
    }

    @Test func aNewStoreIsAtRevisionOneAndEmpty() async throws {
        let store = try ObjectStore(path: folder.database)
        #expect(try await store.read { try $0.revision() } == 1)
        #expect(try await store.widgets().isEmpty)
    }

    @Test func aStoreIsTheSameWhenOpenedAgain() async throws {
        var store = try ObjectStore(path: folder.database)
        let kept = try await store.insert(widget("kept"))
        let gone = try await store.insert(widget("gone"))
        let last = try await store.remove(gone)
        try store.close()
        store = try ObjectStore(path: folder.database)
        #expect(try await store.widgets() == [kept])
        #expect(try await store.read { try $0.revision() } == Int(last.resourceVersion))
        #expect(try await store.changes(since: 1).map(\.kind) == [.added, .added, .deleted])
    }

    @Test func commitsAreSynchronisedInFull() async throws {
        let store = try ObjectStore(path: folder.database)
        let mode = try await store.write { try Int.fetchOne($0.snapshot.db, sql: "PRAGMA synchronous") }
        #expect(mode == 2)
    }

    @Test func aFileThatIsNoDatabaseIsCalledDamaged() throws {
        try Data(String(repeating: "this is no database. ", count: 50).utf8).write(
            to: URL(fileURLWithPath: folder.database))
        let error = try #require(failure())
        #expect(error.code == .corrupt)
        #expect(error.message.contains(folder.database))
        #expect(error.message.contains("move it away"))
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() throws {
        let queue = try DatabaseQueue(path: folder.database)
        try queue.write { try $0.execute(sql: "CREATE TABLE t (a); INSERT INTO t VALUES (1)") }
        try queue.close()
        #expect(failure()?.code == .corrupt)
        let count = try DatabaseQueue(path: folder.database).read { try Int.fetchOne($0, sql: "SELECT a FROM t") }
        #expect(count == 1)
    }

    @Test func aNewerStoreIsLeftAlone() throws {
        try ObjectStore(path: folder.database).close()
        let queue = try DatabaseQueue(path: folder.database)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
        try queue.close()
        let error = try #require(failure())
        #expect(error.code == .newerVersion)
        #expect(error.message.contains("version 99"))
    }

    @Test func aFolderThatIsNotThereIsNamed() {
        let path = folder.path + "/missing/test.db"
        do throws(StoreError) {
            _ = try ObjectStore(path: path)
            Issue.record("opened a store in a folder that is not there")
        } catch {
            #expect(error.code == .notWritable)
            #expect(error.message.contains(path))
        }
    }
}
