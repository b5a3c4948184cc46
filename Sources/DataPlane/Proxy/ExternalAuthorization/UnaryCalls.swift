import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import Synchronization

/// Calls of gRPC with one message each way, by HTTP/2 without TLS. One connection for each server is kept.
package final class UnaryCalls: Sendable {
    private struct Place: Hashable {
        var host: String
        var port: Int
    }

    private struct Connection: Sendable {
        var channel: any Channel
        var multiplexer: NIOHTTP2Handler.StreamMultiplexer
    }

    private let connections = Mutex<[Place: Connection]>([:])
    private let group = NIOSingletons.posixEventLoopGroup

    package init() {}

    /// - Returns: the message of the answer.
    /// - Throws: `UnaryCallFailure` where there is none.
    package func call(_ path: String, _ message: [UInt8], host: String, port: Int, timeout: Duration) async throws
        -> [UInt8]
    {
        let place = Place(host: host, port: port)
        let connection = try await connection(to: place, timeout: timeout)
        let promise = connection.channel.eventLoop.makePromise(of: [UInt8].self)
        let headers: HPACKHeaders = [
            ":method": "POST", ":path": path, ":scheme": "http", ":authority": "\(host):\(port)", "te": "trailers",
            "content-type": "application/grpc", "user-agent": "martlet",
        ]
        let timer = connection.channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            promise.fail(UnaryCallFailure("no answer within \(timeout)"))
        }
        defer { timer.cancel() }
        let stream = connection.multiplexer.createStreamChannel { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(UnaryCall(headers, message, promise))
            }
        }
        stream.whenFailure { promise.fail($0) }
        promise.futureResult.whenComplete { _ in stream.whenSuccess { $0.close(promise: nil) } }
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }

    private func connection(to place: Place, timeout: Duration) async throws -> Connection {
        if let known = connections.withLock({ $0[place] }), known.channel.isActive { return known }
        let (channel, multiplexer) = try await ClientBootstrap(group: group)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(TimeAmount(min(timeout, .seconds(5))))
            .connect(host: place.host, port: place.port) { channel in
                channel.configureHTTP2Pipeline(
                    mode: .client, connectionConfiguration: .init(), streamConfiguration: .init()
                ) { pushed in pushed.close() }
                .map { (channel, $0) }
            }
        let connection = Connection(channel: channel, multiplexer: multiplexer)
        // Of two that were made at once the last one is kept; the other serves its call.
        let old = connections.withLock { $0.updateValue(connection, forKey: place) }
        if let old, !old.channel.isActive { try? await old.channel.close() }
        return connection
    }
}

/// Why a call has no answer.
package struct UnaryCallFailure: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// One call on its stream.
private final class UnaryCall: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private static let largest = 1 << 20

    private let headers: HPACKHeaders
    private let message: [UInt8]
    private let promise: EventLoopPromise<[UInt8]>
    private var body = ByteBuffer()

    init(_ headers: HPACKHeaders, _ message: [UInt8], _ promise: EventLoopPromise<[UInt8]>) {
        self.headers = headers
        self.message = message
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
        var buffer = ByteBuffer()
        buffer.writeGRPC(message)
        context.writeAndFlush(wrapOutboundOut(.data(.init(data: .byteBuffer(buffer), endStream: true))), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let headers):
            guard let status = headers.headers.first(name: "grpc-status") else { return }
            end(status, headers.headers.first(name: "grpc-message") ?? "")
        case .data(let data):
            guard case .byteBuffer(var bytes) = data.data else { return }
            body.writeBuffer(&bytes)
            if body.readableBytes > Self.largest { promise.fail(UnaryCallFailure("the answer is too long")) }
        default: break
        }
    }

    private func end(_ status: String, _ message: String) {
        guard status == "0", let answer = body.readGRPC() else {
            promise.fail(UnaryCallFailure("gRPC status \(status) \(message)"))
            return
        }
        promise.succeed(answer)
    }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(UnaryCallFailure("the stream has ended")) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }
}

extension ByteBuffer {
    /// A message in gRPC's frame: a byte that says that it is not compressed, and its length.
    mutating func writeGRPC(_ message: [UInt8]) {
        writeInteger(UInt8(0))
        writeInteger(UInt32(message.count))
        writeBytes(message)
    }

    /// - Returns: `nil` for anything but one whole message that is not compressed.
    mutating func readGRPC() -> [UInt8]? {
        guard readInteger(as: UInt8.self) == 0, let length = readInteger(as: UInt32.self), length == readableBytes
        else {
            return nil
        }
        return readBytes(length: Int(length))
    }
}
