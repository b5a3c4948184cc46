import Crypto
import Synchronization
import Testing

@testable import ModelStorage

@Suite("The models on this machine")
struct LibraryTests {
    private func put(_ names: [String], on server: FakeServer, bytes count: Int = 1_000_000) {
        for (index, name) in names.enumerated() {
            server.putRepository(
                "o/\(name)", small: [:], large: ["m.bin": noise(count, seed: UInt64(index + 1))], on: server)
        }
    }

    private func request(_ name: String, _ server: FakeServer, user: String = "") -> ModelRequest {
        var request = ModelRequest(uri: "hf://o/\(name)", variables: ["HF_ENDPOINT": server.url("")])
        request.user = user
        return request
    }

    @Test("beyond the limit the one that was not used for the longest time goes, never one that a pod uses")
    func leastRecentlyUsed() async throws {
        try await FakeServer.with { server in
            put(["a", "b", "c", "d"], on: server)
            let living = Mutex<Set<String>>(["pod-a", "pod-b"])
            var fixture = CacheFixture()
            fixture.configuration.room.limit = 2_500_000
            fixture.configuration.room.livingUsers = { living.withLock { $0 } }
            try await fixture.with { cache in
                _ = try await cache.acquire(request("a", server, user: "pod-a"))
                _ = try await cache.acquire(request("b", server, user: "pod-b"))
                let full = await storageError { _ = try await cache.acquire(request("c", server, user: "pod-c")) }
                #expect(full?.code == .noSpace && full?.remedy.contains("--model-cache-limit") == true)
                #expect(cache.models().map(\.uri) == ["hf://o/a", "hf://o/b"])
                living.withLock { $0 = ["pod-a", "pod-c"] }
                _ = try await cache.acquire(request("c", server, user: "pod-c"))
                #expect(cache.models().map(\.uri) == ["hf://o/a", "hf://o/c"])
            }
            // Another process, which uses nothing yet: the one that was used first goes.
            try touch(fixture, "hf://o/a", secondsAgo: 100)
            try await fixture.with { cache in
                _ = try await cache.acquire(request("d", server))
                #expect(cache.models().map(\.uri) == ["hf://o/c", "hf://o/d"])
                #expect(names(fixture.directory.path + "/blobs").count == 2)
            }
        }
    }

    private func touch(_ fixture: CacheFixture, _ uri: String, secondsAgo: Int64) throws {
        let layout = CacheLayout(directory: fixture.directory.path)
        let found = try #require(layout.all().first { $0.reference.uri == uri })
        try FileTree.setTime("\(found.directory)/used", secondsAgo: secondsAgo)
    }

    @Test("contents that two models share stay as long as one of them does")
    func sharedContents() async throws {
        try await FakeServer.with { server in
            let bytes = noise(500_000, seed: 9)
            for name in ["a", "b"] {
                server.putRepository("o/\(name)", small: [:], large: ["m.bin": bytes], on: server)
            }
            let fixture = CacheFixture()
            for name in ["a", "b"] { _ = try await fixture.with { try await $0.acquire(request(name, server)) } }
            try await fixture.with { cache in
                let (first, second) = (cache.models()[0], cache.models()[1])
                let isRemoved = try cache.remove(first)
                let problems = try cache.verify(second)
                #expect(isRemoved && problems.isEmpty)
                #expect(names(fixture.directory.path + "/blobs").count == 1)
                let isSecondRemoved = try cache.remove(second)
                #expect(isSecondRemoved && names(fixture.directory.path + "/blobs").isEmpty)
            }
        }
    }

    @Test("a model that this process gave out is not removed")
    func used() async throws {
        try await FakeServer.with { server in
            put(["a"], on: server)
            let fixture = CacheFixture()
            try await fixture.with { cache in
                _ = try await cache.acquire(request("a", server))
                let model = try #require(cache.models().first)
                let isRemoved = try cache.remove(model)
                #expect(!isRemoved)
            }
        }
    }

    @Test(
        "where a digest is wanted, only URIs that say one are taken",
        arguments: [
            ("hf://o/m", false), ("hf://o/m:main", false), ("hf://o/m:\(String(repeating: "a1", count: 20))", true),
            ("oci://r.io/m:1", false), ("oci://r.io/m@sha256:\(String(repeating: "a1", count: 32))", true),
            ("https://h/m", false), ("https://h/m#sha256=\(String(repeating: "a1", count: 32))", true),
            ("s3://b/m", false), ("pypi://a==1/b", true), ("file:///m", true),
        ])
    func pinned(uri: String, isTaken: Bool) async throws {
        #expect(try ModelSource(parsing: uri).isPinned == isTaken)
        guard !isTaken else { return }
        var fixture = CacheFixture()
        fixture.configuration.requiresDigest = true
        let error = await storageError { _ = try await fixture.acquire(uri) }
        #expect(error?.code == .refused && error?.message.contains("--require-model-digest") == true)
    }

    @Test("several parts are one directory, and the same parts the same one")
    func compose() async throws {
        let fixture = CacheFixture()
        let sources = TemporaryDirectory()
        _ = try sources.write([1], to: "a/x/one")
        _ = try sources.write([2], to: "b/two")
        let parts = [("a", ""), ("b", "lora/b")].map {
            ModelCache.Part(directory: "\(sources.path)/\($0.0)", subpath: $0.1)
        }
        try await fixture.with { cache in
            let directory = try cache.compose(parts)
            #expect(contents(directory + "/x/one") == [1] && contents(directory + "/lora/b/two") == [2])
            #expect(try cache.compose(parts) == directory)
            #expect(try cache.compose([parts[0]]) == parts[0].directory)
            let clash = [parts[1], ModelCache.Part(directory: "\(sources.path)/b", subpath: "lora/b")]
            #expect { try cache.compose(clash) } throws: { ($0 as? ModelStorageError)?.message.contains("two") == true }
        }
    }

    @Test(
        "pickles are told by their names",
        arguments: [
            ("a/model.pkl", true), ("model.PT", true), ("m.joblib", true), ("pytorch_model-00001-of-2.bin", true),
            ("model.safetensors", false), ("openvino_model.bin", false), ("model.onnx", false),
            ("tokenizer.json", false),
        ])
    func pickles(path: String, isOne: Bool) { #expect(!Pickle.files([path]).isEmpty == isOne) }
}
