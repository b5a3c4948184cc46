import JSONModel
import KubeModel
import Testing

@testable import ServingAPI

@Suite("Credentials for models")
struct StorageSecretTests {
    private func secret(
        _ data: [String: String], annotations: [String: String] = [:], labels: [String: String] = [:]
    ) -> StorageSecret {
        var object = Object(.secrets, namespace: "team", name: "s", ["stringData": data.json])
        object.annotations = annotations
        object.labels = labels
        return StorageSecret(object)
    }

    private static let key = ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]

    @Test("S3's annotations become the variables that KServe makes of them")
    func annotations() {
        let found = secret(
            Self.key,
            annotations: [
                "serving.kserve.io/s3-endpoint": "minio:9000", "serving.kserve.io/s3-usehttps": "0",
                "serving.kserve.io/s3-region": "eu", "serving.kserve.io/s3-verifyssl": "0",
                "serving.kserve.io/s3-usevirtualbucket": "true", "serving.kserve.io/s3-cabundle-configmap": "ca",
                "serving.kserve.io/s3-cabundle": "/etc/passwd",
            ])
        #expect(
            found.variables
                == Self.key.merging([
                    "AWS_ENDPOINT_URL": "http://minio:9000", "AWS_DEFAULT_REGION": "eu", "S3_VERIFY_SSL": "0",
                    "S3_USER_VIRTUAL_BUCKET": "true",
                ]) { $1 })
        #expect(found.bundleConfigMap == "ca")
    }

    @Test("without s3-usehttps an endpoint is https")
    func https() {
        let found = secret(Self.key, annotations: ["serving.kserve.io/s3-endpoint": "s3.example.com"])
        #expect(found.variables["AWS_ENDPOINT_URL"] == "https://s3.example.com")
    }

    @Test("the first kind that fits counts")
    func kinds() {
        #expect(secret(Self.key.merging(["HF_TOKEN": "t"]) { $1 }).variables["HF_TOKEN"] == nil)
        #expect(secret(["HF_TOKEN": "t"]).variables == ["HF_TOKEN": "t"])
        #expect(
            secret(["gcloud-application-credentials.json": "{}"]).variables == ["GOOGLE_APPLICATION_CREDENTIALS": "{}"])
        #expect(secret(["AZURE_STORAGE_ACCESS_KEY": "k"]).variables == ["AZURE_STORAGE_ACCESS_KEY": "k"])
        #expect(secret(["https-host": "h", "headers": "{}"]).variables == ["h-headers": "{}"])
        #expect(secret(["other": "x"]).variables.isEmpty)
        #expect(
            secret([:], annotations: ["serving.kserve.io/s3-useanoncredential": "true"]).variables
                == ["awsAnonymousCredential": "true"])
    }

    @Test("data is base64")
    func coded() {
        var object = Object(.secrets, namespace: "team", name: "s")
        object.json["data"] = ["HF_TOKEN": "c2VjcmV0", "bad": "*"]
        #expect(StorageSecret(object).variables == ["HF_TOKEN": "secret"])
        #expect(StorageSecret(object)["bad"] == nil)
    }

    @Test("a Secret of the dashboard's is a data connection, another one is not")
    func dataConnection() throws {
        let data = Self.key.merging([
            "AWS_S3_ENDPOINT": "https://minio", "AWS_S3_BUCKET": "models", "AWS_DEFAULT_REGION": "eu",
        ]) { $1 }
        let found = secret(
            data, labels: ["opendatahub.io/managed": "true", "opendatahub.io/dashboard": "true"])
        #expect(found.isDataConnection && !secret(data).isDataConnection)
        let entry = StorageEntry(found, parameters: [:])
        #expect(try entry.uri("/a/b") == "s3://models/a/b")
        #expect(
            entry.variables
                == Self.key.merging(["AWS_ENDPOINT_URL": "https://minio", "AWS_DEFAULT_REGION": "eu"]) { $1 })
    }
}

@Suite("Entries of storage-config")
struct StorageEntryTests {
    @Test("parameters win over the entry")
    func parameters() throws {
        let json: JSONValue = [
            "type": "s3", "bucket": "a", "endpoint_url": "http://x", "verify_ssl": false, "certificate": "/etc/hosts",
        ]
        let entry = StorageEntry(json, parameters: ["bucket": "b"])
        #expect(try entry.uri("m") == "s3://b/m")
        #expect(entry.variables == ["AWS_ENDPOINT_URL": "http://x", "S3_VERIFY_SSL": "false"])
    }

    @Test(
        "what is wrong is told in KServe's words",
        arguments: [
            ([:], "unable to determine storage type"), (["type": "hdfs"], "storage type must be one of [s3]"),
            (["type": "s3"], "format [s3] requires a bucket but one wasn't found"),
        ] as [([String: String], String)])
    func problems(parameters: [String: String], message: String) {
        #expect { try StorageEntry([:], parameters: parameters).uri("m") } throws: { "\($0)".contains(message) }
    }
}

@Suite("Parts of a model")
struct ModelPartTests {
    private func parts(_ predictor: JSONValue) -> [ModelPart] { ModelPart.parts(of: ComponentSpec(json: predictor)) }

    private func pod(_ predictor: JSONValue) -> Object {
        var pod = Object(.pods, namespace: "team", name: "p")
        pod.annotations = ModelPart.annotations(parts(predictor))
        return pod
    }

    @Test(
        "go to the pod by its annotations",
        arguments: [
            ["model": ["storageUri": "hf://a/b"]],
            ["model": ["storage": ["key": "k", "path": "p", "parameters": ["bucket": "b"]]]],
            ["storageUris": [["uri": "s3://a/b"], ["uri": "file:///c", "mountPath": "/mnt/models/c"]]],
            ["storageUris": [["uri": "s3://a/b", "mountPath": "/opt/m"]]], ["model": [:]],
        ] as [JSONValue])
    func annotations(predictor: JSONValue) {
        #expect(ModelPart.parts(ofPod: pod(predictor)) == parts(predictor))
    }

    @Test("a single storageUri has KServe's annotation")
    func single() {
        #expect(pod(["model": ["storageUri": "hf://a/b"]]).annotations == [ServingKeys.storageSourceURI: "hf://a/b"])
    }

    @Test(
        "are mounted at the directory that all are in",
        arguments: [
            (["/mnt/models"], "/mnt/models"), (["/mnt/models", "/mnt/models/a"], "/mnt/models"),
            (["/mnt/a", "/mnt/b"], "/mnt"), (["/opt/m/x"], "/opt/m/x"), ([], "/mnt/models"),
        ])
    func mountPath(paths: [String], top: String) {
        let parts = paths.map { ModelPart(uri: "file:///x", mountPath: $0) }
        #expect(ModelPart.mountPath(of: parts) == top)
        for part in parts {
            let below = part.subpath(below: top)
            #expect(below.isEmpty ? part.mountPath == top : part.mountPath == "\(top)/\(below)")
        }
    }
}
