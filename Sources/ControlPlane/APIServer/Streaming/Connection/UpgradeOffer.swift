import NIOHTTP1

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
    init?(_ headers: HTTPHeaders) {
        guard let upgrade = headers.first(name: "Upgrade")?.lowercased() else { return nil }
        let connection = Self.words(headers, "Connection").map { $0.lowercased() }
        guard connection.contains("upgrade") else { return nil }
        switch upgrade {
        case "websocket":
            guard let key = headers.first(name: "Sec-WebSocket-Key"),
                headers.first(name: "Sec-WebSocket-Version") == "13"
            else { return nil }
            self.init(.webSocket(key: key), Self.webSocketProtocols(headers))
        case "spdy/3.1":
            self.init(.spdy, Self.words(headers, "X-Stream-Protocol-Version"))
        default: return nil
        }
    }

    /// Without the token that may be among them.
    static func webSocketProtocols(_ headers: HTTPHeaders) -> [String] {
        words(headers, "Sec-WebSocket-Protocol").filter { !Credentials.isToken($0) }
    }

    private static func words(_ headers: HTTPHeaders, _ name: String) -> [String] {
        headers[name].flatMap { $0.split(separator: ",") }
            .map { $0.trimmingPrefix { $0 == " " } }.map {
                String($0.reversed().trimmingPrefix { $0 == " " }.reversed())
            }
    }
}
