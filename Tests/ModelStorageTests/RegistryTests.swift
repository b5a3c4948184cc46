import Crypto
import Testing

@testable import ModelStorage

@Suite("Names of images")
struct ImageNameTests {
    @Test(
        "are read as Docker reads them",
        arguments: [
            ("quay.io/org/model:1.0", "quay.io", "org/model", "1.0"),
            ("quay.io/org/model", "quay.io", "org/model", "latest"),
            ("localhost:5000/m", "localhost:5000", "m", "latest"),
            ("model", "registry-1.docker.io", "library/model", "latest"),
            ("org/model:2", "registry-1.docker.io", "org/model", "2"),
            ("docker.io/org/model", "registry-1.docker.io", "org/model", "latest"),
        ])
    func read(text: String, registry: String, repository: String, reference: String) throws {
        let image = try #require(ImageName(parsing: text))
        #expect(image.registry == registry && image.repository == repository && image.reference == reference)
    }

    @Test("a digest wins over a tag")
    func digest() throws {
        let digest = "sha256:" + String(repeating: "a1", count: 32)
        #expect(try #require(ImageName(parsing: "q.io/a:1@\(digest)")).reference == digest)
    }

    @Test(
        "only registries on this machine speak HTTP",
        arguments: [
            ("localhost:5000/m", "http://localhost:5000"), ("127.0.0.1:1/m", "http://127.0.0.1:1"),
            ("127.evil.io/m", "https://127.evil.io"),
            ("quay.io/m", "https://quay.io"),
        ])
    func roots(text: String, root: String) { #expect(ImageName(parsing: text)?.root == root) }
}

@Suite("What a registry wants to be shown")
struct RegistryChallengeTests {
    @Test("is taken apart")
    func parse() {
        let challenge = RegistryChallenge(
            #"Bearer realm="https://auth.io/token",service="reg, io",scope="repository:a:pull""#)
        #expect(challenge.scheme == "bearer" && challenge["realm"] == "https://auth.io/token")
        #expect(challenge["service"] == "reg, io" && challenge["scope"] == "repository:a:pull")
        #expect(RegistryChallenge("Basic realm=x").scheme == "basic")
    }

    @Test("pull secrets are found by their registry")
    func login() {
        let secrets =
            #"{"auths": {"https://index.docker.io/v1/": {"username": "u", "password": "p"}}}"# + "\n"
            + #"{"auths": {"quay.io": {"auth": "eDp5"}}}"#
        #expect(RegistryLogin(secrets, registry: "registry-1.docker.io")?.basic == "Basic dTpw")
        #expect(RegistryLogin(secrets, registry: "quay.io")?.basic == "Basic eDp5")
        #expect(RegistryLogin(secrets, registry: "quay.io.evil") == nil)
    }
}

@Suite("Models from a registry")
struct RegistryTests {
    /// Puts an image of tar layers; the top layer comes last.
    private func put(
        _ layers: [[UInt8]], on server: FakeServer, mediaType: String = "application/vnd.oci.image.layer.v1.tar+gzip"
    ) {
        let blobs = layers.map { bytes in
            let digest = "sha256:" + hexadecimal(SHA256.hash(data: bytes))
            server.put("/v2/org/m/blobs/\(digest)", bytes)
            return #"{"mediaType": "\#(mediaType)", "digest": "\#(digest)", "size": \#(bytes.count)}"#
        }
        let manifest = Array(#"{"schemaVersion": 2, "layers": [\#(blobs.joined(separator: ", "))]}"#.utf8)
        let digest = "sha256:" + hexadecimal(SHA256.hash(data: manifest))
        server.put("/v2/org/m/manifests/\(digest)", manifest)
        let index =
            #"{"manifests": [{"digest": "sha256:\#(String(repeating: "0", count: 64))", "platform": {"os": "windows", "#
            + #""architecture": "amd64"}}, {"digest": "\#(digest)", "platform": {"os": "linux", "architecture": "amd64"}}, "#
            + #"{"digest": "\#(digest)", "platform": {"os": "linux", "architecture": "arm64"}}]}"#
        server.put("/v2/org/m/manifests/1", Array(index.utf8))
    }

    private func pull(_ server: FakeServer, _ fixture: CacheFixture = CacheFixture()) async throws -> ModelDirectory {
        try await fixture.acquire("oci://\(server.url("").dropFirst(7))/org/m:1")
    }

    private func layer(_ files: [(String, String, Character)]) -> [UInt8] {
        var tar = TarWriterForTests()
        for (name, text, type) in files { tar.add(name, Array(text.utf8), type: type) }
        return tar.finished()
    }

    @Test("have what is below /models, as the layers leave it")
    func layers() async throws {
        try await FakeServer.with { server in
            put(
                [
                    layer([
                        ("bin/sh", "", "2"), ("etc/passwd", "root", "0"), ("models/", "", "5"),
                        ("models/a", "old", "0"),
                        ("models/gone", "x", "0"), ("models/d/x", "x", "0"), ("models/e/y", "y", "0"),
                    ]),
                    layer([
                        ("./models/a", "new", "0"), ("models/.wh.gone", "", "0"), ("models/d/.wh..wh..opq", "", "0"),
                        ("models/d/z", "z", "0"),
                    ]),
                ], on: server)
            let fixture = CacheFixture()
            let directory = try await pull(server, fixture)
            #expect(names(directory.path) == ["a", "d", "e"] && names(directory.path + "/d") == ["z"])
            #expect(contents(directory.path + "/a") == Array("new".utf8))
        }
    }

    @Test(
        "links and ways out below /models are refused",
        arguments: [("models/l", Character("2")), ("models/../../x", "0"), ("models/h", "1")])
    func unsafe(name: String, type: Character) async throws {
        try await FakeServer.with { server in
            put([layer([("models/a", "a", "0"), (name, "x", type)])], on: server)
            let error = await storageError { _ = try await pull(server) }
            #expect(error?.code == .unsafeArchive)
        }
    }

    @Test("an image without /models, or with layers that cannot be unpacked, says so")
    func useless() async throws {
        try await FakeServer.with { server in
            put([layer([("etc/passwd", "root", "0")])], on: server)
            #expect(await storageError { _ = try await pull(server) }?.message.contains("/models") == true)
            put([[1, 2, 3]], on: server, mediaType: "application/vnd.oci.image.layer.v1.tar+zstd")
            #expect(await storageError { _ = try await pull(server) }?.message.contains("zstd") == true)
        }
    }
}
