import HTTPFraming
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A model server that the test drives: it records the requests that it has received whole, and answers what
/// `respond` says, or leaves it to the test.
final class FakeModelServer: Sendable {
    struct Request: Sendable {
        let head: String
        let body: String
        let channel: any Channel

        func send(_ text: String) { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
        func close() { channel.close(promise: nil) }
    }

    struct State {
        var requests: [Request] = []
        var connections: [any Channel] = []
        var closed = 0
    }

    typealias Responder = @Sendable (_ number: Int, Request) -> String?

    private let state = Mutex(State())
    private let server = Mutex<(any Channel)?>(nil)
    private let respond: Responder

    private init(_ respond: @escaping Responder) { self.respond = respond }

    /// - Parameter reads: Whether it reads what comes; a server that does not fills the buffers on the way to it.
    static func start(reads: Bool = true, _ respond: @escaping Responder = { _, _ in nil }) async throws
        -> FakeModelServer
    {
        let fake = FakeModelServer(respond)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: reads)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(fake))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        fake.server.withLock { $0 = channel }
        return fake
    }

    var port: Int { server.withLock { $0?.localAddress?.port ?? 0 } }
    var requests: [Request] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections.count } }
    var firstConnection: (any Channel)? { state.withLock { $0.connections.first } }
    var closedConnections: Int { state.withLock { $0.closed } }

    func request(_ index: Int = 0) async throws -> Request {
        try await eventually("the server receives request \(index)") { requests.count > index }
        return requests[index]
    }

    func startReading() async throws {
        for connection in state.withLock({ $0.connections }) {
            try await connection.setOption(.autoRead, value: true).get()
        }
    }

    /// Stops listening and closes every connection.
    func stop() async throws {
        try await server.withLock { $0 }?.close().get()
        for connection in state.withLock({ $0.connections }) { connection.close(promise: nil) }
    }

    static func ok(_ body: String = "ok") -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let fake: FakeModelServer
        var parser = RequestParser()
        var inbound = ByteBuffer()
        var body: BodyTracker?
        var head = ""
        var text = ""

        init(_ fake: FakeModelServer) { self.fake = fake }

        func channelActive(context: ChannelHandlerContext) {
            fake.state.withLock { $0.connections.append(context.channel) }
        }

        func channelInactive(context: ChannelHandlerContext) { fake.state.withLock { $0.closed += 1 } }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            inbound.writeBuffer(&buffer)
            do { while try step(context) {} } catch { context.close(promise: nil) }
        }

        private func step(_ context: ChannelHandlerContext) throws -> Bool {
            if body == nil {
                let head = inbound
                guard try parser.parse(head.readableBytesUInt8Span) else { return false }
                self.head = inbound.readString(length: parser.head.length) ?? ""
                body = BodyTracker(parser.head.framing)
                text = ""
            }
            let buffer = inbound
            let span = buffer.readableBytesUInt8Span
            let count = try body?.advance(over: span) ?? 0
            text += inbound.readString(length: count) ?? ""
            guard body?.isComplete == true else { return false }
            finish(context)
            return inbound.readableBytes > 0
        }

        private func finish(_ context: ChannelHandlerContext) {
            body = nil
            parser.reset()
            let request = Request(head: head, body: text, channel: context.channel)
            let number = fake.state.withLock { state in
                state.requests.append(request)
                return state.requests.count - 1
            }
            if let response = fake.respond(number, request) { request.send(response) }
        }
    }
}
