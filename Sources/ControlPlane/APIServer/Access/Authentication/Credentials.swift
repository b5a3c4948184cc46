import JSONWebToken
import KubeAccess

/// What a request brings along to prove who makes it, as its connection and headers have it.
struct Credentials: Sendable {
    /// Of a client certificate that this server's authority signed; `nil` without one.
    var certificate: Identity?
    /// The `Authorization` header.
    var authorization = ""
    /// The `Sec-WebSocket-Protocol` header: browsers, which cannot set `Authorization`, put a token there.
    var protocols = ""
    /// `Impersonate-User` and its like: by lower-case name, in their order.
    var impersonation: [(name: String, value: String)] = []
    /// Whether the client is on this machine.
    var isLocal = false

    /// The token of `Authorization: Bearer <token>`, or of a WebSocket's protocols; `nil` where there is none.
    var bearer: String? { authorization.isEmpty ? protocolToken : headerToken }

    private static let tokenProtocol = "base64url.bearer.authorization.k8s.io."

    /// Whether a WebSocket's protocol is a token: it is for this server alone, and goes nowhere else.
    static func isToken(_ webSocketProtocol: some StringProtocol) -> Bool { webSocketProtocol.hasPrefix(tokenProtocol) }

    private var protocolToken: String? {
        let names = protocols.split(separator: ",").map { $0.drop { $0 == " " } }
        guard let name = names.first(where: { $0.hasPrefix(Self.tokenProtocol) }),
            let bytes = Base64URL.decode(name.utf8.dropFirst(Self.tokenProtocol.utf8.count)), !bytes.isEmpty
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private var headerToken: String? {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].trimmingPrefix(while: { $0 == " " })
        return token.isEmpty ? nil : String(token)
    }
}
