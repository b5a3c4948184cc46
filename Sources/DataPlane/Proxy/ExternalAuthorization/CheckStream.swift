import Authorization
import NIOCore
import NIOHPACK
import NIOHTTP2

/// A stream of an Envoy that asks: the call of gRPC, which is answered here, or HTTP's form of it, which goes on as any
/// request.
final class CheckStream: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    static let path = "/envoy.service.auth.v3.Authorization/Check"
    /// Of a message: as much as a head and the beginning of a body may have.
    private static let largest = 1 << 20

    private let worker: Worker
    private let peer: AccessPeer
    private var isCall = false
    private var body = ByteBuffer()

    init(worker: Worker, peer: AccessPeer) {
        self.worker = worker
        self.peer = peer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let headers) where headers.headers.first(name: ":path") == Self.path: isCall = true
        case .data(let data) where isCall:
            guard case .byteBuffer(var bytes) = data.data else { return }
            body.writeBuffer(&bytes)
            guard body.readableBytes <= Self.largest else {
                end(context, status: 8, "the message is too long")
                return
            }
            if data.endStream { check(context) }
        default: if !isCall { pass(data, context) }
        }
    }

    /// HTTP's form.
    private func pass(_ data: NIOAny, _ context: ChannelHandlerContext) {
        do {
            try context.pipeline.syncOperations.addHandlers([
                ServerStream(limits: worker.limits.head), ClientConnection(worker: worker, peer, check: .http),
            ])
        } catch {
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func check(_ context: ChannelHandlerContext) {
        guard let bytes = body.readGRPC(), let message = try? CheckRequestMessage(parsing: bytes),
            let text = message.text
        else {
            end(context, status: 3, "this is no request of HTTP")
            return
        }
        let source = AccessPeer(
            address: message.sourceAddress, localAddress: message.destinationAddress,
            localPort: message.destinationPort,
            isSecure: message.scheme == "https", certificate: message.certificate)
        let connection = ClientConnection(
            worker: worker, source, isShadow: true,
            check: .call { [self] result in
                reply(context, CheckResponseMessage(result))
            })
        connection.check(text)
    }

    private func reply(_ context: ChannelHandlerContext, _ response: CheckResponseMessage) {
        guard context.channel.isActive else { return }
        let headers: HPACKHeaders = [":status": "200", "content-type": "application/grpc"]
        context.write(wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
        var buffer = ByteBuffer()
        buffer.writeGRPC(response.bytes)
        context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(buffer)))), promise: nil)
        context.writeAndFlush(
            wrapOutboundOut(.headers(.init(headers: ["grpc-status": "0"], endStream: true))), promise: nil)
    }

    private func end(_ context: ChannelHandlerContext, status: Int, _ message: String) {
        let headers: HPACKHeaders = [
            ":status": "200", "content-type": "application/grpc", "grpc-status": "\(status)", "grpc-message": message,
        ]
        context.writeAndFlush(wrapOutboundOut(.headers(.init(headers: headers, endStream: true))), promise: nil)
    }
}
