import Foundation
import Testing

@testable import ModelStorage

@Suite("Models on this machine")
struct LocalModelTests {
    private let models = TemporaryDirectory()
    private let fixture = CacheFixture()

    @Test("a directory is used where it is")
    func directory() async throws {
        _ = try models.write([1], to: "iris/model.bin")
        let directory = try await fixture.acquire("file://\(models.path)/iris")
        #expect(directory.path == models.path + "/iris")
    }

    @Test("a file gets a directory with a link to it, which follows when it is replaced")
    func file() async throws {
        let file = try models.write([1, 2], to: "a.gguf")
        let directory = try await fixture.acquire("file://\(file)")
        #expect(names(directory.path) == ["a.gguf"])
        #expect(contents(directory.path + "/a.gguf") == [1, 2])
        #expect(directory.byteCount == 2)
        try FileManager.default.removeItem(atPath: file)
        _ = try models.write([3], to: "a.gguf")
        let again = try await fixture.acquire("file://\(file)")
        #expect(contents(again.path + "/a.gguf") == [3])
    }

    @Test("what is not there is answered by what is")
    func missing() async throws {
        _ = try models.write([1], to: "smollm2.gguf")
        let error = await storageError { _ = try await fixture.acquire("file://\(models.path)/smolm2.gguf") }
        #expect(error?.code == .notFound)
        #expect(error?.remedy == "\(models.path) holds smollm2.gguf")
    }

    @Test("an empty directory is no model")
    func empty() async throws {
        let error = await storageError { _ = try await fixture.acquire("file://\(models.path)") }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("is empty") == true)
    }

    @Test("whether a model is there is known without a fetch")
    func presence() async throws {
        let file = try models.write([1], to: "a")
        try await fixture.with { cache in
            #expect(cache.isPresent("file://\(file)"))
            #expect(!cache.isPresent("file://\(file)b"))
            #expect(!cache.isPresent("http://127.0.0.1:1/a"))
            #expect(!cache.isPresent("nonsense"))
        }
    }
}
