import Foundation
import KubeModel
import Testing

@testable import ObjectStore

struct BackupTests {
    let folder: TemporaryFolder
    let files = [BackupFile(path: "pki/ca.pem", bytes: [1, 2]), BackupFile(path: "z", bytes: [])]

    init() throws { folder = try TemporaryFolder() }

    private var backup: String { folder.path + "/backup" }

    @Test func aBackupIsOneStateWhileWritesGoOn() async throws {
        let store = try ObjectStore(path: folder.database)
        let (database, backup, files) = (folder.database, backup, files)
        let written = try await withThrowingTaskGroup(of: Int.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for index in 0..<100 {
                        // Two objects in one write: no state has only one of them.
                        _ = try await store.write { transaction in
                            _ = try transaction.insert(widget("a-\(writer)-\(index)"), .widgets)
                            return try transaction.insert(widget("b-\(writer)-\(index)"), .widgets)
                        }
                    }
                    return 200
                }
            }
            while try await store.widgets().count < 20 {}
            try StoreBackup.make(of: database, with: files, to: backup)
            return try await group.reduce(0, +)
        }
        #expect(try await store.widgets().count == written)
        let attributes = try FileManager.default.attributesOfItem(atPath: backup)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try StoreBackup.files(in: backup) == files)
        let restored = try restore()
        let names = try await restored.widgets().map(\.name)
        #expect(names.count >= 20 && names.count % 2 == 0)
        for name in names where name.hasPrefix("a") { #expect(names.contains("b" + name.dropFirst())) }
    }

    private func restore() throws -> ObjectStore {
        let path = folder.path + "/restored.db"
        try StoreBackup.restore(backup, to: path, program: "1", now: 0)
        return try ObjectStore(path: path)
    }

    @Test func afterARestoreEveryOldRevisionIsExpired() async throws {
        let store = try ObjectStore(path: folder.database)
        let object = try await store.insert(widget("a"))
        try StoreBackup.make(of: folder.database, with: [], to: backup)
        _ = try await store.insert(widget("b"))
        let restored = try restore()
        #expect(try await restored.widgets() == [object])
        let revision = try await restored.read { try $0.revision() }
        #expect(revision == 2 + StoreBackup.revisionBump)
        for old in [1, 2, 3, revision - 2] {
            let error = await #expect(throws: Status.self) { try await restored.changes(since: old) }
            #expect(error?.isExpired == true)
        }
        #expect(try await restored.insert(widget("c")).resourceVersion == "\(revision + 1)")
        #expect(try await restored.replace(object, with: object.resized(3)).resourceVersion == "\(revision + 2)")
    }

    @Test func restoredTwiceABackupGivesOutOtherRevisions() async throws {
        try ObjectStore(path: folder.database).close()
        try StoreBackup.make(of: folder.database, with: [], to: backup)
        var revisions: [Int] = []
        for (path, now) in [("/first.db", 2_000_000_000), ("/second.db", 2_000_000_060)] {
            try StoreBackup.restore(backup, to: folder.path + path, program: "1", now: now)
            let store = try ObjectStore(path: folder.path + path)
            revisions.append(try await store.read { try $0.revision() })
        }
        #expect(revisions[1] - revisions[0] == 60_000_000)
    }

    @Test func anEmptyStoreIsBackedUpToo() async throws {
        try ObjectStore(path: folder.database).close()
        try StoreBackup.make(of: folder.database, with: [], to: backup)
        #expect(try await restore().widgets().isEmpty)
    }

    @Test func nothingIsWrittenOver() throws {
        try ObjectStore(path: folder.database).close()
        try Data("mine".utf8).write(to: URL(fileURLWithPath: backup))
        #expect(throws: StoreError.self) { try StoreBackup.make(of: folder.database, with: [], to: backup) }
        #expect(try String(contentsOfFile: backup, encoding: .utf8) == "mine")
    }

    @Test func whatIsNoBackupIsSaidToBeNone() throws {
        #expect(throws: StoreError.self) { try StoreBackup.make(of: folder.path + "/none", with: [], to: backup) }
        try ObjectStore(path: folder.database).close()
        for content in [
            Data(), Data(repeating: 65, count: 5000), try Data(contentsOf: URL(fileURLWithPath: folder.database)),
        ] {
            try content.write(to: URL(fileURLWithPath: backup))
            let error = #expect(throws: StoreError.self) { try StoreBackup.files(in: backup) }
            #expect(error?.message.contains(backup) == true)
        }
    }
}
