import Crypto
import FoundationEssentials
import KubeModel

/// What a connection becomes after `101 Switching Protocols`.
struct Upgrade: Sendable {
    /// What goes out first: the answer's head, unless it comes from elsewhere.
    var head: [UInt8]
    /// Has the connection until it returns.
    var run: @Sendable (any ByteConnection) async throws -> Void

    /// Answers an offer.
    ///
    /// - Parameter chosen: one of the offered protocols; empty for none.
    init(
        _ offer: UpgradeOffer, chosen: String, _ run: @escaping @Sendable (any ByteConnection) async throws -> Void
    ) {
        var lines = ["HTTP/1.1 101 Switching Protocols", "Connection: Upgrade"]
        switch offer.carrier {
        case .webSocket(let key):
            lines += ["Upgrade: websocket", "Sec-WebSocket-Accept: \(Self.accept(key))"]
            if !chosen.isEmpty { lines.append("Sec-WebSocket-Protocol: \(chosen)") }
        case .spdy:
            lines.append("Upgrade: SPDY/3.1")
            if !chosen.isEmpty { lines.append("X-Stream-Protocol-Version: \(chosen)") }
        }
        self.init(head: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), run)
    }

    init(head: [UInt8], _ run: @escaping @Sendable (any ByteConnection) async throws -> Void) {
        self.head = head
        self.run = run
    }

    /// RFC 6455, section 4.2.2.
    static func accept(_ key: String) -> String {
        let digest = Insecure.SHA1.hash(data: Data("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
        return Data(digest).base64EncodedString()
    }
}

extension UpgradeOffer {
    /// The first of the protocols that the server knows, in the server's order, which the client offers too.
    ///
    /// - Throws: 403 in the words of Kubernetes, where there is none.
    func choose(_ known: [String]) throws(Status) -> String {
        if let chosen = known.first(where: { protocols.contains($0) || ($0.isEmpty && protocols.isEmpty) }) {
            return chosen
        }
        throw Status(
            code: 403, reason: "Forbidden",
            message:
                "unable to upgrade: unable to negotiate protocol: client supports \(protocols), server accepts \(known)"
        )
    }
}

extension Status {
    static let upgradeRequired = Status(
        code: 400, reason: "BadRequest", message: "Upgrade request required: WebSocket, or SPDY/3.1")
}
