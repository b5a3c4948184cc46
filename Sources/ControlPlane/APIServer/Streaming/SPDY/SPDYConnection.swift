/// The server's end of SPDY/3.1, as Kubernetes uses it: the client opens streams, both sides send data on them.
///
/// Every stream that is opened is accepted; pings are answered. Nothing waits for the client's window updates, for
/// Kubernetes' clients never send any: what holds a fast sender back is the connection under it. Ours are sent as data
/// is taken, for clients that want them.
actor SPDYConnection {
    enum Event: Sendable, Hashable {
        case opened(stream: UInt32, headers: [String: String])
        /// - Parameter isLast: the client sends no more on this stream.
        case data(stream: UInt32, [UInt8], isLast: Bool)
        case reset(stream: UInt32)
    }

    /// Streams open at once.
    static let streamLimit = 1_024

    private let connection: any ByteConnection
    private var decoder = SPDYDecoder()
    private let inflating = HeaderCompression(.inflating)
    private let deflating = HeaderCompression(.deflating)
    private var open: Set<UInt32> = []
    private var last: UInt32 = 0
    private var pending: [Event] = []
    /// What the last event gave out, to be told to the sender as taken.
    private var taken: (stream: UInt32, count: Int)?

    init(_ connection: any ByteConnection) { self.connection = connection }

    /// `nil` when the client says goodbye, or is gone. For one reader.
    ///
    /// - Throws: `SPDYViolation`, told to the client already.
    func next() async throws -> Event? {
        do {
            try await tellTaken()
            while true {
                if !pending.isEmpty { return pending.removeFirst() }
                if let frame = try decoder.next() {
                    if case .goAway = frame { return nil }
                    if let event = try await take(frame) { return event }
                } else {
                    guard let bytes = try await connection.read() else { return nil }
                    decoder.feed(bytes)
                }
            }
        } catch let violation as SPDYViolation {
            try? await write(.goAway(lastStream: last, status: 1))
            throw violation
        }
    }

    /// Sends data; long ones in several frames, so that streams take turns.
    nonisolated func send(_ bytes: [UInt8], on stream: UInt32, isLast: Bool = false) async throws {
        var rest = bytes[...]
        repeat {
            let part = rest.prefix(32 << 10)
            rest = rest.dropFirst(part.count)
            let frame = SPDYFrame.data(stream: stream, bytes: Array(part), isLast: isLast && rest.isEmpty)
            try await connection.write(frame.bytes)
        } while !rest.isEmpty
    }

    func reset(_ stream: UInt32, status: UInt32) async {
        open.remove(stream)
        try? await connection.write(SPDYFrame.reset(stream: stream, status: status).bytes)
    }

    /// No more streams are taken; the client is to close.
    func sayGoodbye() async { try? await write(.goAway(lastStream: last, status: 0)) }

    /// Both sides are done with a stream.
    func forget(_ stream: UInt32) { open.remove(stream) }

    private func write(_ frame: SPDYFrame) async throws { try await connection.write(frame.bytes) }

    private func tellTaken() async throws {
        guard let taken, taken.count > 0 else { return }
        self.taken = nil
        try await write(.windowUpdate(stream: taken.stream, delta: UInt32(taken.count)))
    }

    private func take(_ frame: SPDYFrame) async throws -> Event? {
        switch frame {
        case .synStream(let stream, let isLast, let block): return try await accept(stream, isLast, block)
        case .data(let stream, let bytes, let isLast):
            guard open.contains(stream) else { return nil }
            taken = (stream, bytes.count)
            return .data(stream: stream, bytes, isLast: isLast)
        case .reset(let stream, _):
            return open.remove(stream) == nil ? nil : .reset(stream: stream)
        case .headers(_, _, let block), .synReply(_, _, let block):
            // Not used here, but part of the compressed stream.
            _ = try inflating.code(block)
            return nil
        case .ping(let id):
            // Even ones would be answers to ours; we send none.
            if id % 2 == 1 { try await write(.ping(id)) }
            return nil
        case .goAway, .windowUpdate, .other: return nil
        }
    }

    private func accept(_ stream: UInt32, _ isLast: Bool, _ block: [UInt8]) async throws -> Event? {
        let headers = try SPDYHeaders.read(try inflating.code(block))
        guard stream % 2 == 1, stream > last else { throw SPDYViolation("stream \(stream) after \(last)") }
        last = stream
        guard open.count < Self.streamLimit else {
            await reset(stream, status: 3)
            return nil
        }
        open.insert(stream)
        let reply = try deflating.code(SPDYHeaders.write([]))
        try await write(.synReply(stream: stream, isLast: false, block: reply))
        if isLast { pending.append(.data(stream: stream, [], isLast: true)) }
        return .opened(stream: stream, headers: headers)
    }
}
