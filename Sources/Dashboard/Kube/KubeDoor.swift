package import JSONModel
package import KubeAccess
package import KubeClient

/// The Kubernetes API, for requests in the name of someone: what they may not do is refused as anywhere else. Platform
/// fits the API server to it.
package protocol KubeDoor: Sendable {
    /// Whose token it is.
    ///
    /// - Throws: an error that says why it is not believed.
    func identity(ofToken token: String) async throws -> Identity

    /// The answer to a request.
    ///
    /// - Throws: `Status`.
    func send(_ request: KubeRequest, as identity: Identity) async throws -> JSONValue

    /// The answer part by part as it comes, each after the one before was taken.
    ///
    /// - Throws: `Status` before the first part, and what `write` throws.
    func stream(
        _ request: KubeRequest, as identity: Identity, write: ([UInt8]) async throws -> Void
    ) async throws

    /// The names of all namespaces: to look into each with someone's own rights, and never to be shown.
    func namespaces() async -> [String]
}
