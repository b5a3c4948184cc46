import JSONModel
package import KubeModel

/// The Secret of an API key for models: it holds the key's SHA-256 and never the key. What the key is good for is in
/// annotations, so that it can be read and changed.
package enum ModelKeySecret {
    /// All keys begin so: they are told from other tokens by it.
    package static let prefix = "sk-martlet-"

    /// Label of the Secrets that are keys.
    package static let label = "martlet.dev/api-key"
    /// Label by which Authorino knows the Secrets that are its business.
    package static let managedBy = "authorino.kuadrant.io/managed-by"
    package static let type = "martlet.dev/api-key"
    /// In `data`: the SHA-256 of the key, in lower-case hexadecimal.
    package static let digest = "api_key_sha256"

    // Annotations.
    /// InferenceServices, with commas between; all of the namespace where it is missing.
    package static let services = "martlet.dev/key-services"
    /// Namespaces, with commas between, or `*`. Counts in the namespace `martlet-system` only: who may write Secrets in
    /// another one could give keys to what is not theirs.
    package static let namespaces = "martlet.dev/key-namespaces"
    /// `infer`, `list`, `admin`, with commas between; all but `admin` where it is missing.
    package static let verbs = "martlet.dev/key-verbs"
    /// Names that `model` in a request may have, with commas between; any where it is missing. `*` at the end stands for
    /// whatever follows.
    package static let models = "martlet.dev/key-models"
    /// RFC 3339.
    package static let expires = "martlet.dev/key-expires"
    package static let owner = "martlet.dev/key-owner"
    package static let requestsPerMinute = "martlet.dev/key-requests-per-minute"
    package static let tokensPerMinute = "martlet.dev/key-tokens-per-minute"
    package static let tokensPerDay = "martlet.dev/key-tokens-per-day"
    package static let concurrentRequests = "martlet.dev/key-concurrent-requests"
    /// `"true"`: answers under way are cut when the key is revoked.
    package static let cutsStreams = "martlet.dev/key-cuts-streams"

    /// Where keys may name namespaces.
    package static let systemNamespace = "martlet-system"

    /// - Parameters:
    ///   - digest: base64 of the hexadecimal SHA-256.
    ///   - annotations: of the keys above.
    package static func make(_ key: ObjectKey, digest base64: String, annotations: [String: String]) -> Object {
        var secret = Object(
            .secrets, namespace: key.namespace, name: key.name,
            ["type": .string(type), "data": [digest: .string(base64)]])
        secret.labels = [label: "true", managedBy: "authorino"]
        secret.annotations = annotations
        return secret
    }
}
