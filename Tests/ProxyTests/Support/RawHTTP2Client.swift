import NIOCore
import NIOHPACK
import NIOPosix
import Synchronization
import Testing

/// A client that sends and receives frames of HTTP/2 and knows no rule of it: what must not be sent can be.
final class RawHTTP2Client: Sendable {
    struct Frame: Sendable, Hashable {
        var type: UInt8
        var flags: UInt8 = 0
        var stream: UInt32
        var payload: [UInt8] = []

        var bytes: [UInt8] {
            let length = UInt32(payload.count).bytes.dropFirst()
            return Array(length) + [type, flags] + stream.bytes + payload
        }
    }

    /// What came on one stream.
    struct Answer: Sendable, Hashable {
        var fields: [[String]] = []
        var body = ""
        var isComplete = false
        var resetCode: UInt32?

        /// Of the last head.
        var status: String? {
            fields.flatMap { $0 }.last { $0.hasPrefix(":status: ") }.map { String($0.dropFirst(":status: ".count)) }
        }
    }

    fileprivate struct State {
        var bytes: [UInt8] = []
        var frames: [Frame] = []
        var answers: [UInt32: Answer] = [:]
        var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
        var block: [UInt8] = []
        var isClosed = false
        var isBroken = false
    }

    private final class Recorder: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let client: RawHTTP2Client

        init(_ client: RawHTTP2Client) { self.client = client }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(unwrapInboundIn(data).readableBytesView)
            client.state.withLock { $0.receive(bytes) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelInactive(context: ChannelHandlerContext) { client.state.withLock { $0.isClosed = true } }
    }

    private let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    /// - Parameter settings: Sent after the preface; `nil`: neither is sent.
    static func connect(to port: Int, settings: [(UInt16, UInt32)]? = []) async throws -> RawHTTP2Client {
        let client = RawHTTP2Client()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.pipeline.addHandler(Recorder(client)) }
            .connect(host: "127.0.0.1", port: port).get()
        client.channel.withLock { $0 = channel }
        if let settings {
            client.send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + Frame.settings(settings).bytes)
        }
        return client
    }

    func send(_ bytes: [UInt8]) {
        channel.withLock { $0 }?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func send(_ frames: Frame...) { send(frames.flatMap(\.bytes)) }

    func close() { channel.withLock { $0 }?.close(promise: nil) }

    var frames: [Frame] { state.withLock { $0.frames } }
    var isClosed: Bool { state.withLock { $0.isClosed } }
    var isBroken: Bool { state.withLock { $0.isBroken } }
    func answer(_ stream: UInt32 = 1) -> Answer { state.withLock { $0.answers[stream] ?? Answer() } }

    /// Of the last GOAWAY.
    var goAway: (lastStream: UInt32, code: UInt32)? {
        frames.last { $0.type == 7 }.map { (UInt32(bytes: $0.payload.prefix(4)), UInt32(bytes: $0.payload[4..<8])) }
    }

    @discardableResult
    func complete(_ stream: UInt32 = 1) async throws -> Answer {
        try await eventually("stream \(stream) is complete") { answer(stream).isComplete }
        return answer(stream)
    }
}

extension RawHTTP2Client.State {
    fileprivate mutating func receive(_ received: [UInt8]) {
        bytes += received
        while bytes.count >= 9 {
            let length = Int(UInt32(bytes: [0] + bytes.prefix(3)))
            guard bytes.count >= 9 + length else { return }
            let frame = RawHTTP2Client.Frame(
                type: bytes[3], flags: bytes[4], stream: UInt32(bytes: bytes[5..<9]) & 0x7FFF_FFFF,
                payload: Array(bytes[9..<(9 + length)]))
            bytes.removeFirst(9 + length)
            take(frame)
        }
    }

    private mutating func take(_ frame: RawHTTP2Client.Frame) {
        frames.append(frame)
        switch frame.type {
        case 0:
            answers[frame.stream, default: .init()].body += String(decoding: frame.payload, as: UTF8.self)
        case 1, 9:
            block += frame.payload
            if frame.flags & 4 != 0 { takeBlock(frame.stream) }
        case 3: answers[frame.stream, default: .init()].resetCode = UInt32(bytes: frame.payload)
        default: break
        }
        if frame.type < 2, frame.flags & 1 != 0 { answers[frame.stream, default: .init()].isComplete = true }
    }

    private mutating func takeBlock(_ stream: UInt32) {
        var buffer = ByteBuffer(bytes: block)
        block = []
        do {
            let headers = try decoder.decodeHeaders(from: &buffer)
            answers[stream, default: .init()].fields.append(headers.map { "\($0.name): \($0.value)" })
        } catch {
            isBroken = true
        }
    }
}

// Frames.
extension RawHTTP2Client.Frame {
    static let request = [(":method", "GET"), (":scheme", "http"), (":path", "/x"), (":authority", host)]
    static let post = [(":method", "POST"), (":scheme", "http"), (":path", "/x"), (":authority", host)]
    static let host = "m-default.localhost"

    static func headers(
        _ stream: UInt32 = 1, _ fields: [(String, String)] = request, ends: Bool = true, whole: Bool = true
    ) -> Self {
        .init(type: 1, flags: (ends ? 1 : 0) | (whole ? 4 : 0), stream: stream, payload: fields.flatMap(literal))
    }

    static func headers(_ stream: UInt32 = 1, block: [UInt8], ends: Bool = true, whole: Bool = true) -> Self {
        .init(type: 1, flags: (ends ? 1 : 0) | (whole ? 4 : 0), stream: stream, payload: block)
    }

    static func continuation(_ stream: UInt32 = 1, _ fields: [(String, String)] = [("a", "b")], whole: Bool = true)
        -> Self
    {
        .init(type: 9, flags: whole ? 4 : 0, stream: stream, payload: fields.flatMap(literal))
    }

    static func data(_ stream: UInt32 = 1, _ text: String = "", ends: Bool = true) -> Self {
        .init(type: 0, flags: ends ? 1 : 0, stream: stream, payload: Array(text.utf8))
    }

    static func reset(_ stream: UInt32 = 1, _ code: UInt32 = 8) -> Self {
        .init(type: 3, stream: stream, payload: code.bytes)
    }

    static func settings(_ values: [(UInt16, UInt32)]) -> Self {
        .init(type: 4, stream: 0, payload: values.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] + $1.bytes })
    }

    static func ping(_ text: String = "12345678") -> Self { .init(type: 6, stream: 0, payload: Array(text.utf8)) }

    static func window(_ stream: UInt32, _ increment: UInt32) -> Self {
        .init(type: 8, stream: stream, payload: increment.bytes)
    }

    static func priority(_ stream: UInt32) -> Self { .init(type: 2, stream: stream, payload: [0, 0, 0, 0, 1]) }

    /// A field as HPACK's literal without indexing. RFC 7541 section 6.2.2.
    static func literal(_ name: String, _ value: String) -> [UInt8] { [0] + string(name) + string(value) }

    private static func string(_ text: String) -> [UInt8] {
        var rest = text.utf8.count
        guard rest >= 127 else { return [UInt8(rest)] + Array(text.utf8) }
        var length: [UInt8] = [127]
        rest -= 127
        while rest >= 128 {
            length.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return length + [UInt8(rest)] + Array(text.utf8)
    }
}

extension UInt32 {
    var bytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: self >> $0) } }

    init(bytes: some Sequence<UInt8>) { self = bytes.reduce(0) { $0 << 8 | UInt32($1) } }
}
