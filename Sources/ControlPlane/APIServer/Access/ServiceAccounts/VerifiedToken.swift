import Crypto
import KubeAccess
import KubeModel

/// What a token of a ServiceAccount says, its signature checked.
struct VerifiedToken: Sendable {
    var identity: Identity
    var audiences: [String]
    /// Seconds since 1970; `nil` for those in Secrets, which last as long as the Secret.
    var expiration: Double?
    /// What must be there for the token to count.
    var objects: [TokenObject]
}

/// An object that a token depends on.
struct TokenObject: Sendable {
    var resource: Resource
    var key: ObjectKey
    /// `nil` where the token does not say.
    var uid: String?
    /// Of a Secret: the SHA-256 of the `data.token` that it must hold.
    var content: SHA256.Digest?
}
