/// A WebSocket over a connection: pieces of messages in, messages out. Answers pings and closing frames by itself.
actor WebSocketConnection {
    struct Piece: Sendable, Hashable {
        var bytes: [UInt8]
        /// The first, or last, of its message.
        var isFirst: Bool
        var isLast: Bool
    }

    private let connection: any ByteConnection
    private var decoder = WebSocketDecoder()
    private var isClosing = false

    init(_ connection: any ByteConnection) { self.connection = connection }

    /// `nil` when the client closed it, or is gone. For one reader.
    ///
    /// - Throws: `WebSocketViolation`, told to the client already.
    func next() async throws -> Piece? {
        do {
            while true {
                switch try decoder.next() {
                case .piece(let bytes, let isFirst, let isLast):
                    return Piece(bytes: bytes, isFirst: isFirst, isLast: isLast)
                case .ping(let payload): try await connection.write(WebSocketFrame.bytes(.pong, payload))
                case .pong: break
                case .close:
                    await sendClose(1000)
                    return nil
                case nil:
                    guard let bytes = try await connection.read() else { return nil }
                    decoder.feed(bytes)
                }
            }
        } catch let violation as WebSocketViolation {
            await sendClose(violation.code)
            throw violation
        }
    }

    /// Sends one message.
    nonisolated func send(_ payload: some Collection<UInt8>, isText: Bool = false) async throws {
        try await connection.write(WebSocketFrame.bytes(isText ? .text : .binary, payload))
    }

    /// The closing frame; the client's own is still to be read.
    func sayGoodbye() async { await sendClose(1000) }

    private func sendClose(_ code: UInt16) async {
        guard !isClosing else { return }
        isClosing = true
        try? await connection.write(WebSocketFrame.bytes(.close, [UInt8(code >> 8), UInt8(code & 0xff)]))
    }
}

/// A connection within a WebSocket: the payloads of its binary messages are the bytes.
struct WebSocketTunnel: ByteConnection {
    private let socket: WebSocketConnection
    private let outer: any ByteConnection

    init(_ connection: any ByteConnection) {
        outer = connection
        socket = WebSocketConnection(connection)
    }

    func read() async throws -> [UInt8]? {
        while let piece = try await socket.next() {
            if !piece.bytes.isEmpty { return piece.bytes }
        }
        return nil
    }

    func write(_ bytes: [UInt8]) async throws { try await socket.send(bytes) }

    func close() { outer.close() }
}
