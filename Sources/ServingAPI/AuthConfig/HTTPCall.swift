/// A request that an AuthConfig makes, for metadata or as a callback.
package struct HTTPCall: Sendable {
    package var address: AuthValue
    /// GET, POST, PUT, PATCH, DELETE.
    package var method: String
    package var body: Body
    package var headers: [(name: String, value: AuthValue)]
    /// What is shown as a credential, and where.
    package var secret: AuthRules.SecretReference?
    package var place: AuthRules.CredentialPlace
    /// A token of this server is shown instead.
    package var client: ClientCredentials?

    package enum Body: Sendable {
        case none
        case text(AuthValue, contentType: String)
        case parameters([(name: String, value: AuthValue)], isForm: Bool)
    }

    /// OAuth 2.0's grant of client credentials.
    package struct ClientCredentials: Sendable {
        package var tokenAddress: String
        package var id: String
        package var secret: AuthRules.SecretReference
        package var scopes: [String]
        package var parameters: [String: String]
    }
}
