package import KubeAccess

/// Who knows tokens and roles: a Kubernetes API, in process or elsewhere.
package protocol AccessAuthority: Sendable {
    /// TokenReview.
    ///
    /// - Parameter audiences: whom the token must be for, at least one of them; without any the API itself.
    /// - Returns: `nil` for a token that is not believed.
    /// - Throws: where it cannot be found out.
    func review(token: String, audiences: [String]) async throws -> ReviewedCaller?

    /// SubjectAccessReview.
    ///
    /// - Throws: where it cannot be found out.
    func mayAccess(_ identity: Identity, _ attributes: AccessAttributes) async throws -> Bool
}

/// A caller whose token is believed.
package struct ReviewedCaller: Sendable, Hashable {
    package var identity: Identity
    /// When the token ends, in seconds since 1970; `nil` where it does not by itself.
    package var expiration: Double?

    package init(identity: Identity, expiration: Double? = nil) {
        self.identity = identity
        self.expiration = expiration
    }
}
