import JSONModel
package import KubeModel

/// A Secret with credentials for models, and the variables that KServe makes of it for its storage initializer.
///
/// Of the kinds that a Secret can be, the first that fits counts, in KServe's order: S3, Google, Azure, HTTP headers,
/// Hugging Face.
package struct StorageSecret {
    private let secret: Object

    package init(_ secret: Object) { self.secret = secret }

    /// Whether the Secret is a data connection as OpenShift AI's dashboard makes them.
    package var isDataConnection: Bool {
        secret.labels["opendatahub.io/managed"] == "true" && secret.labels["opendatahub.io/dashboard"] == "true"
    }

    /// Empty for a Secret with no credentials for models.
    package var variables: [String: String] {
        if self["AWS_ACCESS_KEY_ID"] != nil || isAnonymous { return s3 }
        if let account = self["gcloud-application-credentials.json"] {
            return ["GOOGLE_APPLICATION_CREDENTIALS": account]
        }
        let azure = copies(
            "AZ_CLIENT_ID", "AZ_CLIENT_SECRET", "AZ_SUBSCRIPTION_ID", "AZ_TENANT_ID", "AZURE_CLIENT_ID",
            "AZURE_CLIENT_SECRET", "AZURE_SUBSCRIPTION_ID", "AZURE_TENANT_ID", "AZURE_ACCESS_TOKEN",
            "AZURE_STORAGE_ACCESS_KEY")
        if !azure.isEmpty { return azure }
        if let host = self["https-host"], let headers = self["headers"] { return ["\(host)-headers": headers] }
        return copies("HF_TOKEN", "HF_ENDPOINT")
    }

    private var isAnonymous: Bool { annotation("s3-useanoncredential") == "true" }

    private var s3: [String: String] {
        var variables = copies("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION")
        variables["AWS_ENDPOINT_URL"] = endpoint
        variables["S3_VERIFY_SSL"] = annotation("s3-verifyssl")
        variables["S3_USER_VIRTUAL_BUCKET"] = annotation("s3-usevirtualbucket")
        variables["S3_USE_ACCELERATE"] = annotation("s3-useaccelerate")
        variables["awsAnonymousCredential"] = annotation("s3-useanoncredential")
        variables["AWS_DEFAULT_REGION"] = annotation("s3-region") ?? variables["AWS_DEFAULT_REGION"]
        // KServe's annotation names a file in its container; of a Secret only what it holds itself is taken.
        variables["AWS_CA_BUNDLE"] = self["AWS_CA_BUNDLE"] ?? self["cabundle.crt"]
        return variables
    }

    /// The ConfigMap that holds the CA bundle, under `cabundle.crt`.
    package var bundleConfigMap: String? { annotation("s3-cabundle-configmap") }

    /// Without a scheme it is https, unless an annotation says otherwise.
    private var endpoint: String? {
        guard let endpoint = annotation("s3-endpoint") ?? self["AWS_S3_ENDPOINT"] else { return nil }
        if endpoint.contains("://") { return endpoint }
        return (annotation("s3-usehttps") == "0" ? "http://" : "https://") + endpoint
    }

    private func annotation(_ name: String) -> String? {
        secret.annotations["serving.kserve.io/\(name)"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func copies(_ names: String...) -> [String: String] {
        Dictionary(names.compactMap { name in self[name].map { (name, $0) } }, uniquingKeysWith: { $1 })
    }

    /// The value of a key, as text.
    package subscript(key: String) -> String? {
        if let text = secret["stringData", key]?.stringValue, !text.isEmpty { return text }
        guard let coded = secret["data", key]?.stringValue, let bytes = Base64.decode(coded) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.isEmpty ? nil : text
    }

    package var keys: [String] { (secret["data"]?.objectValue ?? [:]).map(\.key).sorted() }
}
