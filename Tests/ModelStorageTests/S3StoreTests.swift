import Crypto
import Testing

@testable import ModelStorage

@Suite("Models from S3")
struct S3StoreTests {
    private let weights = noise(9_000_000, seed: 11)
    private let list = "/bucket/?encoding-type=url&list-type=2&prefix=m"

    private func entry(_ key: String, _ bytes: [UInt8], tag: String? = nil) -> String {
        let tag = tag ?? hexadecimal(Insecure.MD5.hash(data: bytes))
        return "<Contents><Key>\(key)</Key><ETag>&quot;\(tag)&quot;</ETag><Size>\(bytes.count)</Size></Contents>"
    }

    private func put(_ entries: [String], on server: FakeServer) {
        let text = "<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"x\"><IsTruncated>false</IsTruncated>"
        server.put(list, Array((text + entries.joined() + "</ListBucketResult>").utf8))
    }

    private func request(_ server: FakeServer) -> ModelRequest {
        ModelRequest(
            uri: "s3://bucket/m",
            variables: [
                "AWS_ENDPOINT_URL": server.url(""), "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "hidden",
                "AWS_SESSION_TOKEN": "lent",
            ])
    }

    @Test("come whole after cuts, busy servers and stalls; all requests are signed, and the key is in none")
    func faults() async throws {
        try await FakeServer.with { server in
            put([entry("m/w+1.bin", weights), entry("m/", []), entry("m2/x", [1])], on: server)
            server.put("/bucket/m/w%201.bin", weights)
            server.fail(list, .status(503))
            server.fail(
                "/bucket/m/w%201.bin", .cut(after: 5_000_000), .status(429, retryAfter: 2), .cut(after: 0),
                .stall(after: 10))
            var fixture = CacheFixture()
            fixture.configuration.idleTimeout = .milliseconds(300)
            let directory = try await fixture.with { try await $0.acquire(request(server)) }
            let isWhole = isFile(directory.path + "/w 1.bin", weights)
            #expect(isWhole && names(directory.path) == ["w 1.bin"])
            #expect(server.served.allSatisfy { $0.headers["authorization"]?.hasPrefix("AWS4-HMAC-SHA256") == true })
            #expect(!server.served.contains { "\($0)".contains("hidden") })
        }
    }

    @Test("a signed request follows no redirect")
    func redirect() async throws {
        try await FakeServer.with { server in
            try await FakeServer.with { other in
                server.put(list, .init(bytes: [], redirect: other.url("/")))
                let error = await storageError {
                    _ = try await CacheFixture().with { try await $0.acquire(request(server)) }
                }
                #expect(error?.code == .unreachable && other.served.isEmpty)
            }
        }
    }

    @Test("bytes that are not what the entity tag says are thrown away", arguments: [nil, "aws:kms"])
    func wrong(encryption: String?) async throws {
        try await FakeServer.with { server in
            put([entry("m/w", weights, tag: String(repeating: "0", count: 32))], on: server)
            let headers = encryption.map { [("x-amz-server-side-encryption", $0)] } ?? []
            server.put("/bucket/m/w", .init(bytes: weights, headers: headers))
            let fixture = CacheFixture()
            let error = await storageError { _ = try await fixture.with { try await $0.acquire(request(server)) } }
            // What is encrypted by a key of its own has an entity tag that is no MD5.
            #expect(error?.code == (encryption == nil ? .digestMismatch : nil))
        }
    }

    @Test(
        "names that lead elsewhere, or meet, are refused",
        arguments: [["m/../x"], ["m/a", "m/a/b"], ["m/a", "m//a"], ["m/%00"], ["m/%5Cx"]])
    func hostile(keys: [String]) async throws {
        try await FakeServer.with { server in
            put(keys.map { entry($0, [1]) }, on: server)
            let error = await storageError {
                _ = try await CacheFixture().with { try await $0.acquire(request(server)) }
            }
            #expect(error?.code == .unsafeArchive, "\(error?.description ?? "")")
        }
    }

    @Test("a list that does not end is given up")
    func endless() async throws {
        try await FakeServer.with { server in
            let page =
                "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>"
            server.put(list, Array(page.utf8))
            server.put("/bucket/?continuation-token=t&encoding-type=url&list-type=2&prefix=m", Array(page.utf8))
            let error = await storageError {
                _ = try await CacheFixture().with { try await $0.acquire(request(server)) }
            }
            #expect(error?.code == .corrupt)
        }
    }

    @Test("who has no key is told where to put one, who has one is not told it")
    func refused() async throws {
        try await FakeServer.with { server in
            server.fail(list, .status(403), .status(403))
            var anonymous = request(server)
            anonymous.variables = ["AWS_ENDPOINT_URL": server.url("")]
            let without = await storageError { [anonymous] in
                _ = try await CacheFixture().with { try await $0.acquire(anonymous) }
            }
            #expect(without?.code == .refused && without?.remedy.contains("AWS_ACCESS_KEY_ID") == true)
            #expect(server.served.first?.headers["authorization"] == nil)
            let with = await storageError {
                _ = try await CacheFixture().with { try await $0.acquire(request(server)) }
            }
            #expect(with?.remedy.contains("s3:GetObject") == true && with?.description.contains("hidden") == false)
        }
    }
}

@Suite("XML as S3 and Azure write it")
struct XMLElementTests {
    @Test("is read")
    func read() throws {
        let text = "<?xml version='1.0'?><!-- a > b --><a x=\"1\"><b>1 &lt; 2 &#x41;&#66;&amp;amp;</b><c/><b>z</b></a>"
        let element = try #require(XMLElement(parsing: Array(text.utf8)))
        #expect(element.children(named: "b").map(\.text) == ["1 < 2 AB&amp;", "z"])
        #expect(element["c"]?.text == "" && element["d"] == nil)
    }

    @Test("is refused where it is broken", arguments: ["", "<a>", "<a><b></a></b>", "<a", "<>x</>", "text"])
    func broken(text: String) { #expect(XMLElement(parsing: Array(text.utf8)) == nil) }

    @Test("does not nest without end")
    func deep() {
        let text = String(repeating: "<a>", count: 10_000) + String(repeating: "</a>", count: 10_000)
        #expect(XMLElement(parsing: Array(text.utf8)) == nil)
    }
}
