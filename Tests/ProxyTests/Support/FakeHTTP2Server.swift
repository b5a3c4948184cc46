import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import Synchronization
import Testing

/// A model server that speaks HTTP/2 without TLS, and that the test drives.
final class FakeHTTP2Server: Sendable {
    struct Request: Sendable {
        var fields: [String]
        var body = ""
        var trailers: [String] = []
        var isComplete = false
        var isGone = false
        let stream: any Channel

        func send(_ frames: HTTP2Frame.FramePayload...) {
            for frame in frames { stream.writeAndFlush(frame, promise: nil) }
        }
    }

    private struct State {
        var requests: [Request] = []
        var connections: [any Channel] = []
    }

    private let state = Mutex(State())
    private let server = Mutex<(any Channel)?>(nil)

    static func start(settings: HTTP2Settings = nioDefaultSettings) async throws -> FakeHTTP2Server {
        let fake = FakeHTTP2Server()
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = settings
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [connection] channel in
                fake.state.withLock { $0.connections.append(channel) }
                return channel.configureHTTP2Pipeline(
                    mode: .server, connectionConfiguration: connection, streamConfiguration: .init()
                ) { stream in stream.pipeline.addHandler(Handler(fake)) }.map { _ in }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        fake.server.withLock { $0 = channel }
        return fake
    }

    var port: Int { server.withLock { $0?.localAddress?.port ?? 0 } }
    var requests: [Request] { state.withLock { $0.requests } }
    var connections: [any Channel] { state.withLock { $0.connections } }

    /// Whole, or as far as it has come.
    func request(_ index: Int = 0, whole: Bool = true) async throws -> Request {
        try await eventually("the server receives request \(index)") {
            requests.count > index && (!whole || requests[index].isComplete)
        }
        return requests[index]
    }

    func stop() async throws {
        try await server.withLock { $0 }?.close().get()
        for connection in connections { connection.close(promise: nil) }
    }

    private final class Handler: ChannelInboundHandler, Sendable {
        typealias InboundIn = HTTP2Frame.FramePayload
        let fake: FakeHTTP2Server
        private let index = Mutex<Int?>(nil)

        init(_ fake: FakeHTTP2Server) { self.fake = fake }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .headers(let payload):
                let fields = payload.headers.map { "\($0.name): \($0.value)" }
                if index.withLock({ $0 }) == nil {
                    let stream = context.channel
                    let number = fake.state.withLock { state in
                        state.requests.append(Request(fields: fields, stream: stream))
                        return state.requests.count - 1
                    }
                    index.withLock { $0 = number }
                } else {
                    change { $0.trailers = fields }
                }
                if payload.endStream { change { $0.isComplete = true } }
            case .data(let payload):
                guard case .byteBuffer(let bytes) = payload.data else { return }
                change { $0.body += String(buffer: bytes) }
                if payload.endStream { change { $0.isComplete = true } }
            default: break
            }
        }

        func channelInactive(context: ChannelHandlerContext) { change { $0.isGone = true } }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {}

        private func change(_ body: (inout Request) -> Void) {
            guard let index = index.withLock({ $0 }) else { return }
            fake.state.withLock { body(&$0.requests[index]) }
        }
    }
}

extension HTTP2Frame.FramePayload {
    static func fields(_ fields: [(String, String)], ends: Bool = false) -> Self {
        .headers(.init(headers: HPACKHeaders(fields), endStream: ends))
    }

    static func text(_ text: String, ends: Bool = false) -> Self {
        .data(.init(data: .byteBuffer(ByteBuffer(string: text)), endStream: ends))
    }
}
