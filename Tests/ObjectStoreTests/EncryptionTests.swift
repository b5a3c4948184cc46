import Foundation
import JSONModel
import KubeModel
import Testing

@testable import ObjectStore

struct EncryptionTests {
    let folder: TemporaryFolder
    let secret = "correct horse battery staple"

    init() throws { folder = try TemporaryFolder() }

    private var keyFile: String { folder.path + "/keys" }

    private func open(sealed: Bool = true) throws(StoreError) -> ObjectStore {
        var configuration = StoreConfiguration()
        configuration.keyFile = sealed ? keyFile : nil
        configuration.encrypted = [.widgets]
        return try ObjectStore(path: folder.database, configuration)
    }

    private func failure() -> StoreError? {
        do throws(StoreError) {
            _ = try open()
            return nil
        } catch { return error }
    }

    private func confidential(_ name: String) -> Object {
        var object = widget(name)
        object["data"] = ["password": .string(secret)]
        return object
    }

    /// Whether the text lies in one of the store's files.
    private func liesOpen() -> Bool {
        ["", "-wal"].contains { suffix in
            guard let bytes = FileManager.default.contents(atPath: folder.database + suffix) else { return false }
            return bytes.range(of: Data(secret.utf8)) != nil
        }
    }

    @Test func sealedObjectsAreReadAsTheyWereWrittenAndLieNowhereOpen() async throws {
        var store = try open()
        let first = try await store.insert(confidential("a"))
        let second = try await store.replace(first, with: first.resized(2))
        let last = try await store.remove(try await store.insert(confidential("b")))
        #expect(try await store.widgets() == [second])
        #expect(!liesOpen())
        try store.close()
        store = try open()
        #expect(try await store.widgets() == [second])
        #expect(try await store.widgets(at: 2) == [first])
        let changes = try await store.changes(since: 1)
        #expect(try changes.map { try $0.version.object() }.last == last)
        #expect(!liesOpen())
    }

    @Test func theKeyFileIsPrivateAndMadeOnce() throws {
        try open().close()
        let attributes = try FileManager.default.attributesOfItem(atPath: keyFile)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let text = try String(contentsOfFile: keyFile, encoding: .utf8)
        try open().close()
        #expect(try String(contentsOfFile: keyFile, encoding: .utf8) == text)
    }

    @Test func whatLayOpenIsSealedAtTheNextStart() async throws {
        var store = try open(sealed: false)
        let first = try await store.insert(confidential("a"))
        let second = try await store.replace(first, with: first.resized(2))
        #expect(liesOpen())
        try store.close()
        store = try open()
        #expect(!liesOpen())
        #expect(try await store.widgets() == [second])
        #expect(try await store.widgets(at: 2) == [first])
    }

    @Test func aNewFirstKeySealsEverythingAnewAndTheOldOneMayGo() async throws {
        var store = try open()
        let object = try await store.insert(confidential("a"))
        try store.close()
        let old = try String(contentsOfFile: keyFile, encoding: .utf8)
        let new = "next \(Data((0..<32).map { UInt8($0) }).base64EncodedString())\n"
        try (new + old).write(toFile: keyFile, atomically: true, encoding: .utf8)
        store = try open()
        #expect(try await store.widgets() == [object])
        try store.close()
        try new.write(toFile: keyFile, atomically: true, encoding: .utf8)
        store = try open()
        #expect(try await store.widgets() == [object])
    }

    @Test func aMissingOrWrongKeyIsNamed() async throws {
        let store = try open()
        _ = try await store.insert(confidential("a"))
        try store.close()
        let text = try String(contentsOfFile: keyFile, encoding: .utf8)
        let id = try #require(text.split(separator: "\n").last?.split(separator: " ").first)
        try FileManager.default.removeItem(atPath: keyFile)
        #expect(failure()?.code == .key)
        #expect(failure()?.message.contains("\(keyFile) is gone") == true)
        #expect(!FileManager.default.fileExists(atPath: keyFile))
        let other = Data(repeating: 7, count: 32).base64EncodedString()
        try "\(id) \(other)\n".write(toFile: keyFile, atomically: true, encoding: .utf8)
        #expect(failure()?.message.contains("not the one") == true)
        try "else \(other)\n".write(toFile: keyFile, atomically: true, encoding: .utf8)
        #expect(failure()?.message.contains("\"\(id)\"") == true)
        try "nonsense\n".write(toFile: keyFile, atomically: true, encoding: .utf8)
        #expect(failure()?.message.contains("line 1") == true)
        try text.write(toFile: keyFile, atomically: true, encoding: .utf8)
        #expect(failure() == nil)
    }

    @Test func anEnvelopeOpensInItsOwnRowOnly() throws {
        let keys = EncryptionKeys.new(path: "keys", now: 1)
        let sealed = try Envelope.seal("text", keys, Array("a".utf8))
        #expect(try Envelope.open(sealed, keys, Array("a".utf8)) == "text")
        #expect(throws: StoreError.self) { try Envelope.open(sealed, keys, Array("b".utf8)) }
        for index in sealed.indices {
            var broken = sealed
            broken[index] ^= 1
            #expect(throws: StoreError.self) { try Envelope.open(broken, keys, Array("a".utf8)) }
        }
        for count in 0..<sealed.count {
            #expect(throws: StoreError.self) { try Envelope.open(sealed.prefix(count), keys, Array("a".utf8)) }
        }
    }
}
