import JSONWebToken
package import KubeAccess
import KubeModel
import ObjectStore

/// Who may do what at this API: everything that stands between a request and its answer.
package struct AccessControl: Sendable {
    /// Decides by the roles and bindings of the store. The data plane asks it too.
    package let authorizer: Authorizer
    let authenticator: Authenticator
    let issuer: TokenIssuer
    let audit: AuditLog?

    /// Sets up access to `server`: makes the roles that every cluster has, and follows the store from then on.
    ///
    /// - Parameter audit: where requests are written down; `nil` for nowhere.
    package init(_ server: ObjectServer, issuer: TokenIssuer, audit: AuditLog? = nil) async throws {
        try await BootstrapPolicy.reconcile(server)
        authorizer = Authorizer()
        try await PolicyFeed.start(authorizer, server.store)
        let cache = TokenCache(epoch: authorizer.epoch)
        cache.follow(server.store.hub)
        let environment = server.environment
        authenticator = Authenticator(
            tokens: TokenAuthenticator(
                issuer: issuer, store: server.store, cache: cache, now: { environment.now() / 1_000_000 }))
        self.issuer = issuer
        self.audit = audit
    }

    /// Whose token it is: for parts of Martlet that let callers in themselves.
    ///
    /// - Parameter audiences: whom the token must be for, at least one of them; without any the API itself.
    /// - Returns: and for which of these it is.
    /// - Throws: why it is not believed.
    package func review(
        token: String, audiences: [String] = []
    ) async throws(WebTokenRefusal) -> ReviewedToken {
        try await authenticator.tokens.authenticate(token, audiences: audiences)
    }

    /// Finds out who asks, and as whom, into `request`.
    ///
    /// - Throws: 401 for unknown callers, 403 for those who may not act as someone else.
    func authenticate(_ request: inout APIRequest, _ credentials: Credentials) async throws(Status) {
        request.identity = try await authenticator.identity(credentials, for: request)
        guard let impersonation = try Impersonation(credentials.impersonation) else { return }
        for required in impersonation.required { try authorizer.require(request.identity, required) }
        request.impersonator = request.identity
        request.identity = impersonation.identity
    }

    /// - Throws: 403 where the request's identity may not make it.
    func authorize(_ request: APIRequest) throws(Status) {
        // Only the authenticator lets anonymous requests through, and only those for health.
        if request.identity.isAnonymous, API.isPublic(request) { return }
        let attributes = AccessAttributes(request)
        try authorizer.require(request.identity, attributes)
        if let also = attributes.alsoRequired { try authorizer.require(request.identity, also) }
    }
}
