import KubeAccess

/// What a request brings along to prove who makes it, as its connection and headers have it.
struct Credentials: Sendable {
    /// Of a client certificate that this server's authority signed; `nil` without one.
    var certificate: Identity?
    /// The `Authorization` header.
    var authorization = ""
    /// `Impersonate-User` and its like: by lower-case name, in their order.
    var impersonation: [(name: String, value: String)] = []
    /// Whether the client is on this machine.
    var isLocal = false

    /// The token of `Authorization: Bearer <token>`; `nil` where there is none.
    var bearer: String? {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].trimmingPrefix(while: { $0 == " " })
        return token.isEmpty ? nil : String(token)
    }
}
