import HTTPTypes

/// What a client offers to speak from now on: `Upgrade: websocket` or `Upgrade: SPDY/3.1`.
struct UpgradeOffer: Sendable, Hashable {
    enum Carrier: Sendable, Hashable {
        /// - Parameter key: `Sec-WebSocket-Key`.
        case webSocket(key: String)
        case spdy
    }

    var carrier: Carrier
    /// The protocols above it, in the client's order: `v5.channel.k8s.io`.
    var protocols: [String]

    init(_ carrier: Carrier, _ protocols: [String]) {
        self.carrier = carrier
        self.protocols = protocols
    }

    /// `nil` where the request asks for no upgrade that is known here.
    init?(_ headers: HTTPFields) {
        let connection = Self.words(headers, .connection).map { $0.lowercased() }
        guard connection.contains("upgrade"), let upgrade = headers[.upgrade]?.lowercased() else { return nil }
        switch upgrade {
        case "websocket":
            guard let key = headers[.secWebSocketKey], headers[.secWebSocketVersion] == "13" else { return nil }
            self.init(.webSocket(key: key), Self.webSocketProtocols(headers))
        case "spdy/3.1":
            self.init(.spdy, Self.words(headers, .streamProtocol))
        default: return nil
        }
    }

    /// Without the token that may be among them.
    static func webSocketProtocols(_ headers: HTTPFields) -> [String] {
        words(headers, .secWebSocketProtocol).filter { !Credentials.isToken($0) }
    }

    private static func words(_ headers: HTTPFields, _ name: HTTPField.Name?) -> [String] {
        guard let name else { return [] }
        return headers[values: name].flatMap { $0.split(separator: ",") }
            .map { $0.trimmingPrefix { $0 == " " } }.map {
                String($0.reversed().trimmingPrefix { $0 == " " }.reversed())
            }
    }
}

extension HTTPField.Name {
    fileprivate static let streamProtocol = Self("X-Stream-Protocol-Version")
}
