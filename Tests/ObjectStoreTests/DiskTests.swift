import Foundation
import JSONModel
import KubeModel
import Synchronization
import Testing

@testable import ObjectStore

/// A real disk of 2 MB that runs full. Needs the right to mount; where that is missing, the tests say so.
@Suite(.serialized, .enabled(if: SmallDisk.canMount, "no right to mount a tmpfs here"))
struct DiskTests {
    @Test func aFullDiskRefusesWritesKeepsWhatWasAcknowledgedAndRecovers() async throws {
        let disk = try SmallDisk()
        let clock = Mutex<Int64>(0)
        let told = Mutex<[Bool]>([])
        var configuration = StoreConfiguration()
        configuration.now = { clock.withLock { $0 } }
        configuration.onReadOnly = { failure in told.withLock { $0.append(failure != nil) } }
        let store = try ObjectStore(path: disk.path + "/test.db", configuration)
        var acknowledged: [Object] = []
        var failure: StoreError?
        while failure == nil {
            do {
                acknowledged.append(try await store.insert(large("w\(acknowledged.count)")))
            } catch let error as StoreError { failure = error }
            #expect(acknowledged.count < 1000)
        }
        #expect(failure?.code == .diskFull)
        #expect(failure?.message.contains(disk.path) == true)
        #expect(failure?.message.contains("free of 2048 KiB") == true)
        #expect(store.readOnlyReason == failure)
        // Refused without a try, while reads go on.
        await #expect(throws: StoreError.self) { try await store.insert(widget("small")) }
        #expect(try await store.widgets().count == acknowledged.count)
        disk.makeRoom()
        await #expect(throws: StoreError.self) { try await store.insert(widget("small")) }
        clock.withLock { $0 += 1 }
        acknowledged.append(try await store.insert(widget("small")))
        #expect(store.readOnlyReason == nil)
        #expect(told.withLock { $0 } == [true, false])
        try store.close()
        let again = try ObjectStore(path: disk.path + "/test.db")
        #expect(try await again.widgets() == acknowledged.sorted { $0.key < $1.key })
        try again.close()
    }

    /// As after a power cut in the middle of it.
    @Test func whatWasAcknowledgedOnAFullDiskIsInTheFilesAtThatMoment() async throws {
        let disk = try SmallDisk()
        let copy = try TemporaryFolder()
        let store = try ObjectStore(path: disk.path + "/test.db")
        var acknowledged: [Object] = []
        while let object = try? await store.insert(large("w\(acknowledged.count)")) { acknowledged.append(object) }
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: disk.path + "/test.db\(suffix)", toPath: copy.database + suffix)
        }
        let recovered = try ObjectStore(path: copy.database)
        #expect(try await recovered.widgets() == acknowledged.sorted { $0.key < $1.key })
        try store.close()
    }

    private func large(_ name: String) -> Object {
        var object = widget(name)
        object["spec", "text"] = .string(String(repeating: "x", count: 20_000))
        return object
    }
}

/// A file system in memory, mounted for as long as it is there, and filled half by a file that can go.
private final class SmallDisk {
    let path: String
    private let folder: TemporaryFolder

    static let canMount: Bool = {
        guard let folder = try? TemporaryFolder() else { return false }
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=2m") == 0 else { return false }
        return umount(folder.path) == 0
    }()

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path
        guard mount("tmpfs", path, "tmpfs", 0, "size=2m") == 0 else { throw StoreError(.other, "mount failed") }
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: path + "/ballast"))
    }

    func makeRoom() { unlink(path + "/ballast") }

    deinit { umount2(path, Int32(MNT_DETACH)) }
}
