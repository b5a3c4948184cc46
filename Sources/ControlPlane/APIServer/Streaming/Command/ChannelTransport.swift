import FoundationEssentials

/// `v5.channel.k8s.io` and its forerunners: each message of a WebSocket begins with the number of its stream.
actor ChannelTransport: CommandTransport {
    enum Version: String, CaseIterable, Sendable {
        case v5 = "v5.channel.k8s.io"
        case v4 = "v4.channel.k8s.io"
        case v4Base64 = "v4.base64.channel.k8s.io"
        case v1 = "channel.k8s.io"
        case v1Base64 = "base64.channel.k8s.io"
        case unnamed = ""

        /// Text messages: a digit, then base64.
        var isText: Bool { self == .v4Base64 || self == .v1Base64 }
        /// The end of a command is told as a `Status` object, not as text.
        var hasStatus: Bool { self == .v5 || self == .v4 || self == .v4Base64 }
        /// A message `[255, n]` ends stream n.
        var hasEnds: Bool { self == .v5 }
    }

    private static let end: UInt8 = 255
    /// A message of text has to be whole.
    private static let textLimit = 1 << 20

    private let version: Version
    private let socket: WebSocketConnection
    private let toClient: [CommandStream]
    /// The stream of the message that is being read; 255 for the ends.
    private var channel: UInt8?
    private var text: [UInt8] = []

    init(_ socket: WebSocketConnection, _ version: Version, toClient: [CommandStream]) {
        self.socket = socket
        self.version = version
        self.toClient = toClient
    }

    /// Tells the client that the streams are there, as Kubernetes does.
    func begin() async throws { try await send([], on: toClient.first ?? .status) }

    func next() async throws -> CommandPiece? {
        while let piece = try await socket.next() {
            if let piece = version.isText ? try takeText(piece) : try take(piece) { return piece }
        }
        return nil
    }

    nonisolated func send(_ bytes: [UInt8], on stream: CommandStream) async throws {
        guard version.isText else { return try await socket.send([stream.rawValue] + bytes) }
        let digit = UInt8(ascii: "0") + stream.rawValue
        try await socket.send([digit] + Data(bytes).base64EncodedString().utf8, isText: true)
    }

    func finish() async { await socket.sayGoodbye() }

    private func take(_ piece: WebSocketConnection.Piece) throws -> CommandPiece? {
        var bytes = piece.bytes
        if piece.isFirst { channel = nil }
        if channel == nil, !bytes.isEmpty { channel = bytes.removeFirst() }
        guard let channel, !bytes.isEmpty else { return nil }
        return Self.piece(channel, bytes, hasEnds: version.hasEnds)
    }

    private func takeText(_ piece: WebSocketConnection.Piece) throws -> CommandPiece? {
        if piece.isFirst { text = [] }
        text += piece.bytes
        guard text.count <= Self.textLimit else {
            throw WebSocketViolation(code: 1009, reason: "a message is too long")
        }
        guard piece.isLast, let digit = text.first, digit >= UInt8(ascii: "0") else { return nil }
        guard let bytes = Data(base64Encoded: String(decoding: text.dropFirst(), as: UTF8.self)) else {
            throw WebSocketViolation(code: 1007, reason: "a message is no base64")
        }
        return Self.piece(digit - UInt8(ascii: "0"), [UInt8](bytes), hasEnds: false)
    }

    private static func piece(_ channel: UInt8, _ bytes: [UInt8], hasEnds: Bool) -> CommandPiece? {
        if channel == end, hasEnds {
            return bytes.first.flatMap(CommandStream.init).map { CommandPiece(stream: $0, bytes: [], isLast: true) }
        }
        return CommandStream(rawValue: channel).map { CommandPiece(stream: $0, bytes: bytes) }
    }
}
