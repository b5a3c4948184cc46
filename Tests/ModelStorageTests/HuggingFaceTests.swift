import Crypto
import Testing

@testable import ModelStorage

@Suite("Models from a Hugging Face hub")
struct HuggingFaceTests {
    private let small: [String: [UInt8]] = [
        "config.json": Array("{}".utf8), "empty.txt": [], "onnx/model.onnx": noise(70_000, seed: 2),
    ]
    private let large = ["model.safetensors": noise(41_000_000, seed: 3)]

    /// A hub and the server that large files are on.
    private func withHub(
        token: String? = nil, _ body: (FakeServer, FakeServer, ModelRequest) async throws -> Void
    ) async throws {
        try await FakeServer.with { hub in
            try await FakeServer.with { mirror in
                hub.putRepository("owner/tiny", small: small, large: large, on: mirror, token: token)
                var request = ModelRequest(uri: "hf://owner/tiny", variables: ["HF_ENDPOINT": hub.url("")])
                request.variables["HF_TOKEN"] = token
                try await body(hub, mirror, request)
            }
        }
    }

    private func expectWhole(_ directory: ModelDirectory) {
        for (path, bytes) in small.merging(large, uniquingKeysWith: { $1 }) {
            let isWhole = isFile("\(directory.path)/\(path)", bytes)
            #expect(isWhole, "\(path)")
        }
    }

    @Test("have all files, large ones in stretches, each byte fetched once")
    func whole() async throws {
        try await withHub { _, mirror, request in
            let fixture = CacheFixture()
            expectWhole(try await fixture.with { try await $0.acquire(request) })
            #expect(mirror.served.map(\.sent).reduce(0, +) == 41_000_000)
            #expect(mirror.served.count == 3, "41 MB in stretches of 16 MiB")
        }
    }

    @Test("a token goes to the hub and nowhere else")
    func token() async throws {
        try await withHub(token: "secret") { hub, mirror, request in
            let fixture = CacheFixture()
            expectWhole(try await fixture.with { try await $0.acquire(request) })
            #expect(hub.served.allSatisfy { $0.headers["authorization"] == "Bearer secret" })
            #expect(!mirror.served.isEmpty && mirror.served.allSatisfy { $0.headers["authorization"] == nil })
            let without = ModelRequest(uri: request.uri, variables: ["HF_ENDPOINT": hub.url("")])
            var owned = request
            owned.owner = "team"
            owned.variables["HF_TOKEN"] = "wrong"
            let refused = await storageError { _ = try await fixture.with { try await $0.acquire(owned) } }
            #expect(refused?.code == .refused, "what one namespace has is not given to another")
            #expect(refused?.description.contains("secret") == false && refused?.description.contains("wrong") == false)
            #expect(try await fixture.with { try await $0.acquire(without) }.byteCount != nil)
        }
    }

    @Test("only files that are wanted come")
    func patterns() async throws {
        try await withHub { _, mirror, request in
            var wanted = request
            wanted.variables["STORAGE_ALLOW_PATTERNS"] = "*.json,onnx/"
            let fixture = CacheFixture()
            let directory = try await fixture.with { try await $0.acquire(wanted) }
            #expect(names(directory.path) == ["config.json", "onnx"])
            #expect(mirror.served.isEmpty)
        }
    }

    @Test("what another model has is not fetched again")
    func shared() async throws {
        try await withHub { hub, mirror, request in
            hub.putRepository("owner/copy", small: small, large: large, on: mirror)
            let fixture = CacheFixture()
            _ = try await fixture.with { try await $0.acquire(request) }
            let before = mirror.served.count
            var copy = request
            copy.uri = "hf://owner/copy"
            expectWhole(try await fixture.with { try await $0.acquire(copy) })
            #expect(mirror.served.count == before)
        }
    }

    @Test("survive cuts, busy servers and stalls, and fetch no byte twice")
    func faults() async throws {
        try await withHub { hub, mirror, request in
            let path = "/lfs/\(hexadecimal(SHA256.hash(data: large["model.safetensors"] ?? [])))"
            mirror.fail(
                path, .cut(after: 1_000_000), .cut(after: 0), .status(429, retryAfter: 3), .stall(after: 5_000_000))
            hub.fail("/owner/tiny/resolve/c0ffee/config.json", .status(503), .cut(after: 1))
            hub.fail("/api/models/owner/tiny/revision/main", .status(503))
            var fixture = CacheFixture()
            fixture.configuration.idleTimeout = .milliseconds(300)
            expectWhole(try await fixture.with { try await $0.acquire(request) })
            #expect(fixture.time.sleeps.contains { $0 >= .seconds(3) })
        }
    }

    @Test("wrong bytes are thrown away and never published", arguments: ["model.safetensors", "config.json"])
    func wrong(path: String) async throws {
        try await withHub { hub, mirror, request in
            if path == "config.json" {
                hub.put("/owner/tiny/resolve/c0ffee/\(path)", Array("[]".utf8))
            } else {
                let digest = hexadecimal(SHA256.hash(data: large[path] ?? []))
                mirror.put("/lfs/\(digest)", noise(41_000_000, seed: 4))
            }
            let fixture = CacheFixture()
            let error = await storageError { _ = try await fixture.with { try await $0.acquire(request) } }
            #expect(error?.code == .digestMismatch)
            #expect(error?.message.contains(path) == true)
            #expect(names(fixture.directory.path + "/models").isEmpty)
        }
    }

    @Test(
        "names that lead elsewhere are refused",
        arguments: ["../evil", "/etc/passwd", "a/../../b", "config.json/x", "a\\u0000b", "c\\\\d"])
    func hostile(name: String) async throws {
        try await withHub { hub, _, request in
            let entry = #"{"type": "file", "path": "\#(name)", "oid": "x", "size": 1}"#
            let config = #"{"type": "file", "path": "config.json", "oid": "x", "size": 1}"#
            hub.put("/api/models/owner/tiny/tree/c0ffee?recursive=true", Array("[\(entry), \(config)]".utf8))
            let error = await storageError { _ = try await CacheFixture().with { try await $0.acquire(request) } }
            #expect(error?.code == .unsafeArchive)
        }
    }

    @Test("a list that does not end is given up")
    func endless() async throws {
        try await withHub { hub, _, request in
            let tree = "/api/models/owner/tiny/tree/c0ffee?recursive=true"
            hub.put(tree, .init(bytes: Array("[]".utf8), headers: [("Link", "<\(hub.url(tree))>; rel=\"next\"")]))
            let error = await storageError { _ = try await CacheFixture().with { try await $0.acquire(request) } }
            #expect(error?.code == .corrupt)
        }
    }

    @Test("a full disk is seen before the first byte")
    func full() async throws {
        try await withHub { _, mirror, request in
            var fixture = CacheFixture()
            fixture.configuration.freeBytes = { _ in 50_000_000 }
            let error = await storageError { _ = try await fixture.with { try await $0.acquire(request) } }
            #expect(error?.code == .noSpace)
            #expect(mirror.served.isEmpty)
        }
    }
}
