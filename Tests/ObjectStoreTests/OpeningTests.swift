import Foundation
import GRDB
import JSONModel
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
        try queue.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA user_version = 99; UPDATE facts SET value = '9.1.0' WHERE name = 'program'")
        }
        try queue.close()
        let error = try #require(failure())
        #expect(error.code == .newerVersion)
        #expect(error.message.contains("version 99"))
        #expect(error.message.contains("Martlet 9.1.0"))
    }

    @Test func damagedPagesAreFoundAndLeftAsTheyAre() async throws {
        var store = try ObjectStore(path: folder.database)
        for index in 0..<200 { _ = try await store.insert(widget("w\(index)", size: index)) }
        try store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        for page in 3..<12 { bytes.replaceSubrange((page * 4096)..<(page * 4096 + 64), with: Data(count: 64)) }
        try bytes.write(to: URL(fileURLWithPath: folder.database))
        let error = try #require(failure())
        #expect(error.code == .corrupt)
        #expect(error.message.contains("martlet restore"))
        #expect(failure() == error)
        try FileManager.default.removeItem(atPath: folder.database)
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: folder.database + suffix) }
        store = try ObjectStore(path: folder.database)
        #expect(try await store.widgets().isEmpty)
    }

    @Test func aStoreOfTheFirstVersionKeepsItsObjectsAndItsRevisionGoesOn() async throws {
        let queue = try DatabaseQueue(path: folder.database)
        let object = widget("old").revised("7")
        try await queue.write { db in
            try StoreSchema.migrations[0](db)
            try db.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID); PRAGMA user_version = 1")
            try db.execute(
                sql: """
                    INSERT INTO objects (resource, namespace, name, uid, revision, json)
                    VALUES ('widgets.test.dev', 'default', 'old', 'u', 7, ?);
                    INSERT INTO changes VALUES (7, 'widgets.test.dev', 'default', 0, NULL, ?);
                    """, arguments: [object.json.text, object.json.text])
        }
        try queue.close()
        let store = try ObjectStore(path: folder.database)
        #expect(try await store.widgets() == [object])
        #expect(try await store.changes(since: 7).isEmpty)
        let error = await #expect(throws: Status.self) { try await store.changes(since: 6) }
        #expect(error?.isExpired == true)
        let next = try await store.replace(object, with: object.resized(9))
        #expect(next.resourceVersion == "9")
        #expect(try await store.changes(since: 7).map { try $0.previous?.object() } == [object])
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
