import NIOCore

/// Stands between TLS and HTTP. HTTP does not see it until the connection is taken over; from then on it is HTTP that
/// sees nothing any more.
///
/// Used on its event loop only.
final class ConnectionTap: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes that wait for their reader before no more are taken from the system.
    private static let capacity = 256 << 10

    private var context: ChannelHandlerContext?
    private var isTaken = false
    private var isEnded = false
    private var isReadHeld = false
    private var received = ByteBuffer()
    private var reader: EventLoopPromise<ByteBuffer?>?
    private var lastActivity = NIODeadline.now()

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        end()
    }

    /// Takes the connection over from HTTP.
    ///
    /// - Parameter idleLimit: after so long without a byte in either direction it is closed.
    /// - Returns: whether it was still open and nobody's.
    func take(idleLimit: TimeAmount) -> Bool {
        guard let context, !isTaken, context.channel.isActive else { return false }
        isTaken = true
        lastActivity = .now()
        closeWhenIdle(idleLimit, context)
        return true
    }

    /// What came since the last call, or comes next; `nil` at the end.
    func next(on loop: any EventLoop) -> EventLoopFuture<ByteBuffer?> {
        let promise = loop.makePromise(of: ByteBuffer?.self)
        reader?.succeed(nil)
        reader = promise
        deliver()
        return promise.futureResult
    }

    func send(_ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>) {
        guard let context else { return promise.fail(ChannelError.ioOnClosedChannel) }
        lastActivity = .now()
        context.writeAndFlush(wrapOutboundOut(bytes), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard isTaken else { return context.fireChannelRead(data) }
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        lastActivity = .now()
        deliver()
    }

    func read(context: ChannelHandlerContext) {
        isReadHeld = isTaken && received.readableBytes >= Self.capacity
        if !isReadHeld { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isTaken, case .inputClosed? = event as? ChannelEvent { return end() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard isTaken else { return context.fireErrorCaught(error) }
        end()
        context.close(promise: nil)
    }

    private func deliver() {
        guard let reader, received.readableBytes > 0 || isEnded else { return }
        self.reader = nil
        guard received.readableBytes > 0 else { return reader.succeed(nil) }
        let bytes = received
        received = ByteBuffer()
        reader.succeed(bytes)
        if isReadHeld, let context {
            isReadHeld = false
            context.read()
        }
    }

    private func end() {
        isEnded = true
        deliver()
    }

    private func closeWhenIdle(_ limit: TimeAmount, _ context: ChannelHandlerContext) {
        let tap = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(deadline: lastActivity + limit) {
            guard let context = tap.value.context else { return }
            guard NIODeadline.now() >= tap.value.lastActivity + limit else {
                return tap.value.closeWhenIdle(limit, context)
            }
            context.close(promise: nil)
        }
    }
}
