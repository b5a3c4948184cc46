import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A client that sends and receives plain bytes.
final class RawClient: Sendable {
    private final class Recorder: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let received: Received

        init(_ received: Received) { self.received = received }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            received.state.withLock { $0.text += text }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            received.state.withLock { $0.wasReset = true }
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { received.state.withLock { $0.isClosed = true } }
    }

    private final class Received: Sendable {
        let state = Mutex((text: "", isClosed: false, wasReset: false))
    }

    private let channel: any Channel
    private let received: Received

    private init(channel: any Channel, received: Received) {
        self.channel = channel
        self.received = received
    }

    /// - Parameter reads: Whether it reads what comes; a client that does not fills its buffers.
    static func connect(to port: Int, reads: Bool = true) async throws -> RawClient {
        let received = Received()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { $0.pipeline.addHandler(Recorder(received)) }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel: channel, received: received)
    }

    var text: String { received.state.withLock { $0.text } }
    var isClosed: Bool { received.state.withLock { $0.isClosed } }
    var wasReset: Bool { received.state.withLock { $0.wasReset } }

    var isWritable: Bool { channel.isWritable }

    func send(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
    func send(bytes: some Sequence<UInt8>) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }
    func startReading() async throws { try await channel.setOption(.autoRead, value: true).get() }
    func close() { channel.close(promise: nil) }

    func post(_ path: String, host: String = "localhost", body: String) {
        send(
            "POST \(path) HTTP/1.1\r\nHost: \(host)\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    func get(_ path: String, host: String = "localhost") {
        send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
    }

    /// Waits until what was received ends with `text`.
    func expect(_ text: String) async throws {
        try await eventually("the client receives \(text.debugDescription)") { self.text.hasSuffix(text) }
    }

    func expectClose() async throws { try await eventually("the connection is closed") { self.isClosed } }
}
