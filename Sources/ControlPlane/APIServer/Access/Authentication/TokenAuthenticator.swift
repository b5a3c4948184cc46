import Crypto
import JSONModel
import JSONWebToken
package import KubeAccess
import KubeModel
import ObjectStore
import ServingAPI

/// Why a bearer token does not let its bearer in.
package struct WebTokenRefusal: Error, Sendable, CustomStringConvertible {
    package var description: String
    /// It could not be found out: that says nothing about the token.
    package var isFailure = false

    var status: Status {
        Status(code: 401, reason: "Unauthorized", message: "Unauthorized: \(description)")
    }
}

/// What a token that is believed says.
package struct ReviewedToken: Sendable {
    package var identity: Identity
    /// Those of the wanted ones that it is for.
    package var audiences: [String]
    /// Seconds since 1970; `nil` for one that lasts as long as its Secret.
    package var expiration: Double?
}

/// Believes the tokens of ServiceAccounts: those whose signature, issuer, audience and time are right, and whose
/// ServiceAccount (and Secret or Pod, where they are bound to one) is still the one they were made for.
///
/// What was found out of a token is kept under its SHA-256 until the token ends or one of these objects changes.
struct TokenAuthenticator: Sendable {
    let issuer: TokenIssuer
    let store: ObjectStore
    let cache: TokenCache
    /// Seconds since 1970.
    let now: @Sendable () -> Int64

    /// - Parameter audiences: whom the token must be for, at least one of them; the API itself without any.
    func authenticate(
        _ token: String, audiences: [String] = []
    ) async throws(WebTokenRefusal) -> ReviewedToken {
        let verified = try await verified(token)
        let wanted = audiences.isEmpty ? issuer.audiences : audiences
        let common = wanted.filter(verified.audiences.contains)
        guard !common.isEmpty else {
            throw WebTokenRefusal(
                description: "the token is for other audiences than \(wanted.joined(separator: ", "))")
        }
        return ReviewedToken(identity: verified.identity, audiences: common, expiration: verified.expiration)
    }

    private func verified(_ token: String) async throws(WebTokenRefusal) -> VerifiedToken {
        guard token.utf8.count <= WebToken.maximumSize else {
            throw WebTokenRefusal(description: "the token is too large")
        }
        let digest = SHA256.hash(data: Array(token.utf8))
        if let verified = cache.token(digest, now: now()) { return verified }
        let generation = cache.generation
        let verified: VerifiedToken
        do throws(WebTokenError) { verified = try issuer.verify(token, now: now()) } catch {
            throw WebTokenRefusal(description: error.description)
        }
        try await checkObjects(verified)
        cache.keep(verified, digest, since: generation)
        return verified
    }

    private func checkObjects(_ token: VerifiedToken) async throws(WebTokenRefusal) {
        let missing: TokenObject?
        do {
            missing = try await store.read { snapshot in
                try token.objects.first { try !$0.isThere(snapshot) }
            }
        } catch {
            throw WebTokenRefusal(
                description: "the server cannot look the token's ServiceAccount up: \(error)", isFailure: true)
        }
        if let missing {
            throw WebTokenRefusal(description: "the token's \(missing.resource.kind) \(missing.key) is gone or another")
        }
    }
}

extension TokenObject {
    fileprivate func isThere(_ snapshot: Snapshot) throws -> Bool {
        guard let object = try snapshot.object(GroupResource(resource), key) else { return false }
        if let uid, object.uid != uid { return false }
        guard let content else { return true }
        // Comparing digests takes the same time wherever the texts differ.
        let stored = object.json[path: "data", "token"]?.stringValue ?? ""
        return SHA256.hash(data: Array(stored.utf8)) == content
    }
}
