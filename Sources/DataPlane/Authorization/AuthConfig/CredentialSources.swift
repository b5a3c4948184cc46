package import JSONModel
package import KubeModel

/// Where evaluators of AuthConfigs find what they decide by. Everything throws where it cannot be found out.
package protocol CredentialSources: Sendable {
    /// GET of a JSON document.
    func document(_ address: String) async throws -> JSONValue

    /// POST of a form with HTTP's basic authentication.
    func post(_ form: [(name: String, value: String)], to address: String, user: String, password: String) async throws
        -> JSONValue

    /// The Secrets of a namespace whose `api_key` has this digest.
    func secrets(withKey digest: TokenDigest, namespace: String) -> [Object]

    func secret(_ key: ObjectKey) async throws -> Object?
}

/// Why a source has nothing: that says nothing about the caller.
package struct SourceFailure: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
