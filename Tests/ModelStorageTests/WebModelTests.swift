import Crypto
import Randomness
import Testing

@testable import ModelStorage

@Suite("Models from the web")
struct WebModelTests {
    private let content = fiveMegabytes
    private var digest: String { hexadecimal(SHA256.hash(data: content)) }

    @Test("are fetched once however many ask")
    func once() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", content)
            let fixture = CacheFixture()
            let directories = try await fixture.with { cache in
                try await withThrowingTaskGroup(of: ModelDirectory.self) { group in
                    for _ in 0..<30 { group.addTask { try await cache.acquire(server.url("/m.gguf")) } }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
            }
            let directory = try #require(directories.first)
            #expect(directories.count == 1)
            #expect(isFile(directory.path + "/m.gguf", content))
            #expect(directory.byteCount == 5_000_000)
            #expect(server.served.count == 1)
            #expect(try await fixture.acquire(server.url("/m.gguf")) == directory)
            #expect(server.served.count == 1)
            #expect(names(fixture.directory.path + "/partial").isEmpty)
        }
    }

    @Test("tell their progress")
    func progress() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", content)
            let progress = Record<ModelProgress>()
            try await CacheFixture().with { _ = try await $0.acquire(server.url("/m.gguf"), progress: progress.add) }
            #expect(progress.all.first?.phase == .resolving)
            #expect(progress.all.last?.phase == .downloading)
            #expect(progress.all.last?.bytesDone == 5_000_000)
            #expect(progress.all.last?.bytesTotal == 5_000_000)
        }
    }

    @Test("are gone on with after cuts, without a byte twice")
    func cuts() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", content)
            server.fail("/m.gguf", .cut(after: 1_000_000), .cut(after: 0), .cut(after: 123_457), .status(503))
            let fixture = CacheFixture()
            let directory = try await fixture.acquire(server.url("/m.gguf#sha256=\(digest)"))
            #expect(isFile(directory.path + "/m.gguf", content))
            #expect(server.served.map(\.status) == [200, 206, 206, 503, 206])
            expectNoStepsBack(server.served.filter { $0.status != 503 })
        }
    }

    /// Each request goes on where the one before it had come to: no further than what was sent, and never back.
    private func expectNoStepsBack(_ served: [FakeServer.Served]) {
        for (before, after) in zip(served, served.dropFirst()) {
            #expect(after.from >= before.from && after.from <= before.from + before.sent)
        }
    }

    @Test("wait as the server asks", arguments: [429, 503])
    func busy(status: Int) async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", content)
            server.fail("/m.gguf", .status(status, retryAfter: 17), .status(status))
            let fixture = CacheFixture()
            _ = try await fixture.acquire(server.url("/m.gguf"))
            #expect(fixture.time.sleeps == [.seconds(17), .seconds(1)])
        }
    }

    @Test("are given up after some tries, and say so")
    func givenUp() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", content)
            for _ in 0..<6 { server.fail("/m.gguf", .status(500)) }
            let error = await storageError { _ = try await CacheFixture().acquire(server.url("/m.gguf")) }
            #expect(error?.code == .unreachable)
            #expect(error?.message.contains("the server answered 500") == true)
            #expect(server.served.count == 6)
        }
    }

    @Test("are not waited for when no byte comes")
    func stalled() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", content)
            server.fail("/m.gguf", .stall(after: 2_000_000))
            var fixture = CacheFixture()
            fixture.configuration.idleTimeout = .milliseconds(200)
            let directory = try await fixture.acquire(server.url("/m.gguf"))
            #expect(isFile(directory.path + "/m.gguf", content))
            #expect(server.served.count > 1)
            expectNoStepsBack(server.served)
        }
    }

    @Test("begin anew where the server knows no ranges, and are whole all the same")
    func noRanges() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", .init(bytes: content, entityTag: "\"1\"", takesRanges: false))
            server.fail("/m.gguf", .cut(after: 1_000_000))
            let fixture = CacheFixture()
            let directory = try await fixture.acquire(server.url("/m.gguf"))
            #expect(isFile(directory.path + "/m.gguf", content))
            #expect(server.served.map(\.status) == [200, 200])
        }
    }

    @Test("are never put together from two files", arguments: ["\"2\"", nil])
    func changed(newTag: String?) async throws {
        try await FakeServer.with { server in
            let other = noise(5_000_000, seed: 2)
            server.put("/m.gguf", .init(bytes: content, entityTag: newTag.map { _ in "\"1\"" }))
            server.fail("/m.gguf", .stall(after: 3_000_000))
            let fixture = CacheFixture()
            try await fixture.with { cache in
                let model = Task { try await cache.acquire(server.url("/m.gguf")) }
                await server.stalled()
                await cache.shutDown()
                await #expect(throws: CancellationError.self) { _ = try await model.value }
            }
            server.put("/m.gguf", .init(bytes: other, entityTag: newTag))
            let directory = try await fixture.acquire(server.url("/m.gguf"))
            #expect(isFile(directory.path + "/m.gguf", other))
        }
    }

    @Test("end whole after stops at random bytes, without a verified byte twice")
    func stops() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededRandom(seed: seed)
        try await FakeServer.with { server in
            server.put("/m.gguf", content)
            let fixture = CacheFixture()
            for _ in 0..<20 {
                server.fail("/m.gguf", .stall(after: Int.random(in: 0..<1_000_000, using: &generator)))
                try await fixture.with { cache in
                    async let model = cache.acquire(server.url("/m.gguf"))
                    await server.stalled()
                    await cache.shutDown()
                    _ = try? await model
                }
                #expect(names(fixture.directory.path + "/models").isEmpty, "seed \(seed)")
                let left = content.count - (server.served.last?.from ?? 0)
                if left < 2_000_000 { break }
            }
            let directory = try await fixture.acquire(server.url("/m.gguf"))
            #expect(isFile(directory.path + "/m.gguf", content), "seed \(seed)")
            expectNoStepsBack(server.served)
        }
    }

    @Test("keep the secrets of their URLs to themselves")
    func secrets() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf?token=hidden", .init(bytes: content, authorization: "Basic dXNlcjpzZWNyZXQ="))
            server.fail("/m.gguf?token=hidden", .status(404))
            let uri = server.url("/m.gguf?token=hidden").replacing("http://", with: "http://user:secret@")
            let fixture = CacheFixture()
            let error = await storageError { _ = try await fixture.acquire(uri) }
            #expect(error?.message.contains("/m.gguf") == true)
            let directory = try await fixture.acquire(uri)
            let reference = contents(directory.path + "/../reference.json").map { String(decoding: $0, as: UTF8.self) }
            for text in [error?.description, reference] {
                #expect(text?.contains("hidden") == false && text?.contains("secret") == false)
            }
        }
    }

    @Test("with a wrong digest are thrown away")
    func wrongDigest() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", content)
            let wrong = String(repeating: "0", count: 64)
            let fixture = CacheFixture()
            let error = await storageError { _ = try await fixture.acquire(server.url("/m.gguf#sha256=\(wrong)")) }
            #expect(error?.code == .digestMismatch)
            #expect(server.served.count == 1)
            #expect(names(fixture.directory.path + "/models").isEmpty)
        }
    }

    @Test("that an interrupted fetch left with wrong bytes are fetched anew")
    func wrongRest() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", .init(bytes: noise(5_000_000, seed: 9)))
            server.fail("/m.gguf", .cut(after: 2_000_000), .status(404))
            let fixture = CacheFixture()
            let uri = server.url("/m.gguf#sha256=\(digest)")
            _ = await storageError { _ = try await fixture.acquire(uri) }
            server.put("/m.gguf", .init(bytes: content))
            let directory = try await fixture.acquire(uri)
            #expect(isFile(directory.path + "/m.gguf", content))
            #expect(server.served.map(\.status) == [200, 404, 206, 200])
        }
    }

    @Test(
        "that cannot be had say so at once",
        arguments: [(404, ModelStorageError.Code.notFound), (403, .refused), (400, .unreachable)])
    func refused(status: Int, code: ModelStorageError.Code) async throws {
        try await FakeServer.with { server in
            server.fail("/m.gguf", .status(status))
            let error = await storageError { _ = try await CacheFixture().acquire(server.url("/m.gguf")) }
            #expect(error?.code == code)
            #expect(error?.message.contains("\(status)") == true)
            #expect(server.served.count == 1)
        }
    }

    @Test("whose server is not there say so")
    func unreachable() async throws {
        let gone = try await FakeServer.with { $0.url("/m.gguf") }
        let error = await storageError { _ = try await CacheFixture().acquire(gone) }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("Connection refused") == true)
    }

    @Test("that do not fit on the disk are not begun")
    func space() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", content)
            var fixture = CacheFixture()
            fixture.configuration.freeBytes = { _ in 10_000_000 }
            let error = await storageError { [fixture] in _ = try await fixture.acquire(server.url("/m.gguf")) }
            #expect(error?.code == .noSpace)
            #expect(error?.message.contains("needs 5.0 MB") == true)
        }
    }

    @Test("in archives are unpacked", arguments: ["/m.zip", "/m.tar.gz", "/m.tgz"])
    func archives(path: String) async throws {
        try await FakeServer.with { server in
            var zip = ZipWriter()
            zip.add("model/weights.bin", content)
            var tar = TarWriterForTests()
            tar.add("model/weights.bin", content)
            server.put(path, path.hasSuffix("zip") ? zip.finished() : tar.finished())
            let fixture = CacheFixture()
            let directory = try await fixture.acquire(server.url(path))
            #expect(isFile(directory.path + "/model/weights.bin", content))
        }
    }

    @Test("in unsafe archives are refused, and leave nothing")
    func unsafeArchive() async throws {
        try await FakeServer.with { server in
            var zip = ZipWriter()
            zip.add("../../evil", [1])
            server.put("/m.zip", zip.finished())
            let fixture = CacheFixture()
            let error = await storageError { _ = try await fixture.acquire(server.url("/m.zip")) }
            #expect(error?.code == .unsafeArchive)
            #expect(names(fixture.directory.path + "/models").isEmpty)
        }
    }

    @Test("with equal files share them on the disk")
    func shared() async throws {
        try await FakeServer.with { server in
            server.put("/a.gguf", content)
            server.put("/b.gguf", content)
            let fixture = CacheFixture()
            let first = try await fixture.acquire(server.url("/a.gguf"))
            let second = try await fixture.acquire(server.url("/b.gguf"))
            #expect(FileTree.isSameFile(first.path + "/a.gguf", second.path + "/b.gguf"))
            #expect(names(fixture.directory.path + "/blobs").count == 1)
        }
    }

    @Test("that were damaged on the disk are fetched anew")
    func damaged() async throws {
        try await FakeServer.with { server in
            server.put("/m.gguf", content)
            let fixture = CacheFixture()
            let directory = try await fixture.acquire(server.url("/m.gguf"))
            try FileTree.remove(directory.path + "/m.gguf")
            #expect(try await fixture.acquire(server.url("/m.gguf")) == directory)
            #expect(isFile(directory.path + "/m.gguf", content))
        }
    }
}
