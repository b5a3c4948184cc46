import Testing

@testable import ModelStorage

/// The examples of AWS's documentation, "Signature Calculations for the Authorization Header" of S3.
@Suite("AWS's signature")
struct RequestSignatureTests {
    private let signature = RequestSignature(
        key: .init(id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", sessionToken: nil),
        region: "us-east-1")

    private func sign(
        path: String, query: [(String, String)] = [], headers: [(String, String)] = []
    ) -> String? {
        signature.headers(
            method: "GET", host: "examplebucket.s3.amazonaws.com", path: path, query: query, headers: headers,
            at: "20130524T000000Z"
        ).last?.1.split(separator: "=").last.map(String.init)
    }

    @Test("of a part of an object")
    func object() {
        #expect(
            sign(path: "/test.txt", headers: [("Range", "bytes=0-9")])
                == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test("of a list of objects, whatever the order of the query")
    func list() {
        for query in [[("max-keys", "2"), ("prefix", "J")], [("prefix", "J"), ("max-keys", "2")]] {
            #expect(
                sign(path: "/", query: query) == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
        }
    }

    @Test("of a query without a value")
    func lifecycle() {
        #expect(
            sign(path: "/", query: [("lifecycle", "")])
                == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    }
}

@Suite("S3's settings")
struct S3SettingsTests {
    private func place(_ variables: [String: String], bucket: String = "bucket") throws -> String {
        let settings = try S3Settings(StorageVariables(variables), bucket: bucket)
        let place = settings.place(bucket, "a b/c+d.bin")
        return place.root + place.path
    }

    @Test(
        "say where a bucket is",
        arguments: [
            ([:], "https://bucket.s3.us-east-1.amazonaws.com/a%20b/c%2Bd.bin"),
            (["AWS_DEFAULT_REGION": "eu-west-3"], "https://bucket.s3.eu-west-3.amazonaws.com/a%20b/c%2Bd.bin"),
            (["AWS_ENDPOINT_URL": "http://minio:9000/"], "http://minio:9000/bucket/a%20b/c%2Bd.bin"),
            (["S3_ENDPOINT": "minio:9000"], "https://minio:9000/bucket/a%20b/c%2Bd.bin"),
            (["S3_ENDPOINT": "minio:9000", "S3_USE_HTTPS": "0"], "http://minio:9000/bucket/a%20b/c%2Bd.bin"),
            (
                ["AWS_ENDPOINT_URL": "https://s3.example.com/base", "S3_USER_VIRTUAL_BUCKET": "true"],
                "https://bucket.s3.example.com/base/a%20b/c%2Bd.bin"
            ),
            (["S3_USE_ACCELERATE": "true"], "https://bucket.s3-accelerate.amazonaws.com/a%20b/c%2Bd.bin"),
        ] as [([String: String], String)])
    func places(variables: [String: String], url: String) throws { #expect(try place(variables) == url) }

    @Test("a bucket with dots is never part of a host that AWS's certificate does not cover")
    func dots() throws {
        #expect(try place([:], bucket: "a.b").hasPrefix("https://s3.us-east-1.amazonaws.com/a.b/"))
    }

    @Test("requests are signed only with a key, and not where they are to be anonymous")
    func keys() throws {
        let key = ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]
        #expect(try S3Settings(StorageVariables(key), bucket: "b").key?.id == "a")
        #expect(try S3Settings(StorageVariables([:]), bucket: "b").key == nil)
        let anonymous = key.merging(["awsAnonymousCredential": "true"]) { $1 }
        #expect(try S3Settings(StorageVariables(anonymous), bucket: "b").key == nil)
    }
}
