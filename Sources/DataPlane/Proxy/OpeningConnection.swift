import Activation
import Authorization
import NIOCore
import NIOHTTP2
import NIOTLS

/// A client's connection until it is known what it speaks: with TLS the handshake settles it (ALPN), without TLS its
/// first bytes do, which are the preface where it is HTTP/2 (RFC 9113 section 3.3).
final class OpeningConnection: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let worker: Worker
    private let isSecure: Bool
    private var received = ByteBuffer()
    /// What a load balancer says; else the connection's own.
    private var source: ProxyHeader.Source?
    private var patience: Scheduled<Void>?
    private var isSettled = false

    /// What is known of the client's certificate; `nil`: none is asked for.
    private let trust: ClientTrust?
    private let check: AccessCheck?

    init(worker: Worker, isSecure: Bool, trust: ClientTrust? = nil, check: AccessCheck? = nil) {
        self.worker = worker
        self.isSecure = isSecure
        self.trust = trust
        self.check = check
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let limit = isSecure ? worker.limits.headTime : worker.limits.keepAlive
        patience = context.eventLoop.scheduleTask(in: TimeAmount(limit)) { bound.value.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { patience?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
            settle(context, isHTTP2: negotiated == "h2")
        }
        if let source = event as? ProxyHeader.Source { self.source = source }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        guard !isSecure, !isSettled else { return }
        let beginning = received.readableBytesView.prefix(Self.preface.count)
        guard Self.preface.starts(with: beginning) else {
            settle(context, isHTTP2: false)
            return
        }
        if beginning.count == Self.preface.count { settle(context, isHTTP2: true) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func settle(_ context: ChannelHandlerContext, isHTTP2: Bool) {
        guard !isSettled, context.channel.isActive else { return }
        isSettled = true
        patience?.cancel()
        let peer = AccessPeer(
            address: source?.address ?? context.remoteAddress?.ipAddress ?? "unknown",
            localAddress: context.localAddress?.ipAddress ?? "", localPort: context.localAddress?.port ?? 0,
            isSecure: isSecure, certificate: trust?.certificate(shownOn: context.pipeline))
        do {
            if isHTTP2 {
                try ServerSession.start(on: context, worker, peer, check: check)
            } else {
                try context.pipeline.syncOperations.addHandler(
                    ClientConnection(worker: worker, peer, check: check))
            }
        } catch {
            context.close(promise: nil)
            return
        }
        pass(context)
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    /// HTTP/2 writes as soon as it is there: that may end the connection, or bring more of it, before this goes on.
    private func pass(_ context: ChannelHandlerContext) {
        while received.readableBytes > 0, context.channel.isActive {
            let bytes = received
            received = ByteBuffer()
            context.fireChannelRead(wrapInboundOut(bytes))
            context.fireChannelReadComplete()
        }
    }
}
