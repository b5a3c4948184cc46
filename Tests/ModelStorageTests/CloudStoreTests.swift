import Crypto
import CryptoExtras
import Foundation
import JSONModel
import Testing

@testable import ModelStorage

@Suite("Models from Google's cloud storage")
struct GoogleStoreTests {
    private let weights = noise(20_000_000, seed: 5)
    private let config = Array("{}".utf8)

    private func put(on server: FakeServer, authorization: String? = nil, md5: String? = nil) {
        let digest = md5 ?? Data(Insecure.MD5.hash(data: weights)).base64EncodedString()
        let sum = config.withUnsafeBytes { CRC32C.update(0, $0) }
        let crc = withUnsafeBytes(of: sum.bigEndian) { Data($0) }.base64EncodedString()
        let list = "/storage/v1/b/bucket/o?prefix=models%2Fm&maxResults=1000"
        let first =
            #"{"items": [{"name": "models/m/w.bin", "size": "\#(weights.count)", "md5Hash": "\#(digest)", "#
            + #""generation": "7"}, {"name": "models/m/", "size": "0", "generation": "1"}], "nextPageToken": "t"}"#
        let second =
            #"{"items": [{"name": "models/m/config.json", "size": "2", "crc32c": "\#(crc)", "generation": "8"}, "#
            + #"{"name": "models/m2/other", "size": "1", "generation": "9"}]}"#
        for (path, bytes) in [
            (list, Array(first.utf8)), (list + "&pageToken=t", Array(second.utf8)),
            ("/storage/v1/b/bucket/o/models%2Fm%2Fw.bin?alt=media&generation=7", weights),
            ("/storage/v1/b/bucket/o/models%2Fm%2Fconfig.json?alt=media&generation=8", config),
        ] {
            server.put(path, .init(bytes: bytes, authorization: authorization))
        }
    }

    @Test("are fetched by anyone where they are open, page by page")
    func anonymous() async throws {
        try await FakeServer.with { server in
            put(on: server)
            let request = ModelRequest(
                uri: "gs://bucket/models/m", variables: ["STORAGE_EMULATOR_HOST": server.url("")])
            let fixture = CacheFixture()
            let directory = try await fixture.with { try await $0.acquire(request) }
            let isWhole = isFile(directory.path + "/w.bin", weights) && isFile(directory.path + "/config.json", config)
            #expect(isWhole)
            #expect(names(directory.path) == ["config.json", "w.bin"], "m2 is another model")
        }
    }

    @Test("a wrong MD5 is seen")
    func wrong() async throws {
        try await FakeServer.with { server in
            put(on: server, md5: Data(Insecure.MD5.hash(data: config)).base64EncodedString())
            let request = ModelRequest(
                uri: "gs://bucket/models/m", variables: ["STORAGE_EMULATOR_HOST": server.url("")])
            let error = await storageError { _ = try await CacheFixture().with { try await $0.acquire(request) } }
            #expect(error?.code == .digestMismatch && error?.message.contains("MD5") == true)
        }
    }

    @Test("a service account is given a token for a claim that it signs")
    func account() async throws {
        try await FakeServer.with { server in
            put(on: server, authorization: "Bearer lent")
            server.put("/token", Array(#"{"access_token": "lent", "expires_in": 3599}"#.utf8))
            let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
            let file: JSONValue = [
                "client_email": "martlet@project.iam.gserviceaccount.com",
                "private_key": .string(key.pemRepresentation),
                "private_key_id": "k1", "token_uri": .string(server.url("/token")),
            ]
            let text = String(decoding: file.serialized(), as: UTF8.self)
            let request = ModelRequest(
                uri: "gs://bucket/models/m",
                variables: ["STORAGE_EMULATOR_HOST": server.url(""), "GOOGLE_APPLICATION_CREDENTIALS": text])
            let fixture = CacheFixture()
            let directory = try await fixture.with { try await $0.acquire(request) }
            let isWhole = isFile(directory.path + "/w.bin", weights)
            #expect(isWhole)
            #expect(server.served.filter { $0.path == "/token" }.count == 1)

            let assertion = try ServiceAccount(text).assertion(at: 1_700_000_000)
            let parts = assertion.split(separator: ".")
            let signed = Array("\(parts[0]).\(parts[1])".utf8)
            var coded = String(parts[2]).replacing("-", with: "+").replacing("_", with: "/")
            coded += String(repeating: "=", count: (4 - coded.count % 4) % 4)
            let signature = _RSA.Signing.RSASignature(rawRepresentation: try #require(Data(base64Encoded: coded)))
            #expect(
                key.publicKey.isValidSignature(signature, for: SHA256.hash(data: signed), padding: .insecurePKCS1v1_5))
        }
    }
}

@Suite("Models from Azure's blob storage")
struct AzureStoreTests {
    /// The values were computed by Microsoft's azure-storage-blob.
    @Test("a request is signed as Microsoft's library signs it")
    func signature() throws {
        let signature = try AzureSignature(account: "account", key: "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
        let common = [("x-ms-date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("x-ms-version", "2021-12-02")]
        #expect(
            signature.authorization(
                "GET", path: "/models", query: [("restype", "container"), ("comp", "list"), ("prefix", "a b/c")],
                headers: common) == "SharedKey account:d4e/91pku/nly2CS0RLMkhGmZADwpUIXaIsI2AF03ww=")
        #expect(
            signature.authorization(
                "GET", path: "/models/a%20b/c.bin", query: [],
                headers: [("If-Match", "\"0x8D\""), ("x-ms-range", "bytes=0-9")] + common)
                == "SharedKey account:sVeTw0nHUuModgndgpqMnhVV14mla5TYiQ+PxIdYbL4=")
    }

    @Test(
        "dates are RFC 9110's",
        arguments: [(784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT")])
    func dates(seconds: Int64, text: String) { #expect(HTTPDate.text(seconds: seconds) == text) }

    @Test("a URL of the blob service is one, others are not")
    func places() throws {
        guard
            case .azure(let place) = try ModelSource(parsing: "https://acc.blob.core.windows.net/models/a/b/?sig=x%2B")
        else {
            Issue.record("no place")
            return
        }
        #expect(
            place.account == "acc" && place.container == "models" && place.prefix == "a/b" && place.query == "sig=x%2B")
        #expect(!place.title.contains("sig"))
        for url in [
            "https://blob.core.windows.net.evil/a/b", "https://acc.blob.core.windows.net/a",
            "http://acc.blob.core.windows.net/a/b",
        ] {
            if case .azure = try ModelSource(parsing: url) { Issue.record("\(url)") }
        }
        if case .azure = try ModelSource(parsing: "https://acc.z12.blob.storage.azure.net/a/b") {
        } else {
            Issue.record("zone")
        }
    }

    @Test("files come with their shared access signature, and their MD5 is checked")
    func fetch() async throws {
        try await FakeServer.with { server in
            let bytes = noise(100_000, seed: 6)
            let md5 = Data(Insecure.MD5.hash(data: bytes)).base64EncodedString()
            let list = """
                <?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs><Blob><Name>m/w&amp;.bin</Name><Properties>\
                <Etag>0x1</Etag><Content-Length>100000</Content-Length><Content-MD5>\(md5)</Content-MD5></Properties></Blob>\
                <Blob><Name>m/d</Name><Properties><Content-Length>0</Content-Length><ResourceType>directory</ResourceType>\
                </Properties></Blob></Blobs><NextMarker /></EnumerationResults>
                """
            server.put("/models?comp=list&prefix=m&restype=container&sv=1&sig=s%2F", Array(list.utf8))
            server.put("/models/m/w%26.bin?sv=1&sig=s%2F", bytes)
            let request = ModelRequest(
                uri: "https://acc.blob.core.windows.net/models/m?sv=1&sig=s%2F",
                variables: ["AZURE_STORAGE_SERVICE_ENDPOINT": server.url("")])
            let fixture = CacheFixture()
            let directory = try await fixture.with { try await $0.acquire(request) }
            let isWhole = isFile(directory.path + "/w&.bin", bytes)
            #expect(isWhole && names(directory.path) == ["w&.bin"])
            var other = request
            other.uri = "https://acc.blob.core.windows.net/models/m?sv=1&sig=wrong"
            let error = await storageError { _ = try await fixture.with { try await $0.acquire(other) } }
            #expect(error?.code == .notFound, "who has another signature is not given what is here")
            #expect(error?.description.contains("wrong") == false)
        }
    }
}
