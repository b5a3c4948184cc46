import KubeAccess
import KubeModel

/// Finds out who makes a request: by client certificate, else by bearer token. Nobody is let in without either, but to
/// see whether the server is well.
struct Authenticator: Sendable {
    let tokens: TokenAuthenticator

    /// - Throws: 401 where nothing proves who asks, or a token is not believed.
    func identity(_ credentials: Credentials, for request: APIRequest) async throws(Status) -> Identity {
        if let identity = credentials.certificate { return identity }
        if let token = credentials.bearer {
            do throws(WebTokenRefusal) { return try await tokens.authenticate(token).identity } catch {
                throw error.status
            }
        }
        // Probes carry no credentials. They run on this machine; from elsewhere nothing is told without.
        guard credentials.isLocal, credentials.authorization.isEmpty, API.isPublic(request) else {
            throw Status.unauthorized
        }
        return .anonymous
    }
}
