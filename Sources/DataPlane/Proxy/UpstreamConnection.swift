import Activation
import HTTPFraming
import NIOCore

/// A connection to a model server: one request at a time, and idle in the pool of its endpoint between them.
///
///     idle -> awaitingHead -> body -> idle | closed
///             awaitingHead -> tunnel -> closed            (101)
///     any -> closed
final class UpstreamConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State { case idle, awaitingHead, body, tunnel, closed }

    let target: UpstreamTarget
    /// Its connection has served an earlier request.
    var isReused = false
    private var state = State.idle
    private var context: ChannelHandlerContext?
    /// Whom the response is for. `nil` while idle and after the client is gone.
    private var client: ClientConnection?
    private var parser: ResponseParser
    private var body = BodyTracker(.none)
    private var isToHead = false
    private var removesChunks = false
    private var interimResponses = 0
    /// The beginning of a head that came in pieces.
    private var inbound = ByteBuffer()
    private var isReadPending = false
    private var hasUnflushed = false
    private var hasFailed = false
    private var wasReset = false

    init(target: UpstreamTarget, limits: HeadLimits) {
        self.target = target
        parser = ResponseParser(limits: limits)
    }

    var channel: (any Channel)? { context?.channel }
    var isWritable: Bool { context?.channel.isWritable ?? false }
    var isOpen: Bool { state != .closed && context?.channel.isActive ?? false }
    /// What may still be written into the response's body.
    var room: BodyTracker.Room { body.room }

    func begin(for client: ClientConnection, isToHead: Bool, removesChunks: Bool) {
        self.client = client
        self.isToHead = isToHead
        self.removesChunks = removesChunks
        interimResponses = 0
        parser.reset()
        state = .awaitingHead
    }

    func write(_ buffer: ByteBuffer) {
        hasUnflushed = true
        context?.write(wrapOutboundOut(buffer), promise: nil)
    }

    func flush() {
        guard hasUnflushed else { return }
        hasUnflushed = false
        context?.flush()
    }

    /// The response is not wanted any more.
    func cancel() {
        client = nil
        state = .closed
        context?.close(promise: nil)
    }

    /// The client can take more again.
    func resumeReading() {
        guard isReadPending, mayRead else { return }
        isReadPending = false
        context?.read()
    }

    private var mayRead: Bool {
        switch state {
        case .body, .tunnel: client?.isWritable ?? true
        case .idle, .awaitingHead, .closed: true
        }
    }
}

// What the channel says.
extension UpstreamConnection {
    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func read(context: ChannelHandlerContext) {
        if mayRead { context.read() } else { isReadPending = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        switch state {
        case .awaitingHead: readHead(buffer)
        case .body: readBody(buffer)
        case .tunnel: client?.receiveTunnelled(buffer)
        // A server that speaks without being asked: whatever it says, it is not the answer to the next request.
        case .idle: leavePool()
        case .closed: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { client?.flushResponse() }

    func channelWritabilityChanged(context: ChannelHandlerContext) { client?.upstreamWritabilityChanged() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        hasFailed = true
        wasReset = error is ServerReset
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let (before, lost) = (state, client)
        state = .closed
        client = nil
        switch before {
        case .idle: target.pool.remove(self)
        case .awaitingHead:
            let hasAnswered = inbound.readableBytes > 0 || interimResponses > 0 || wasReset
            lost?.upstreamLost(hasAnswered: hasAnswered, room: .none)
        case .body where body.framing == .untilClose && !hasFailed: lost?.receiveEnd(from: self, isReusable: false)
        case .body: lost?.upstreamLost(hasAnswered: true, room: room)
        case .tunnel: lost?.tunnelEnded()
        case .closed: break
        }
    }

    private func leavePool() {
        target.pool.remove(self)
        cancel()
    }
}

// The response.
extension UpstreamConnection {
    private func readHead(_ buffer: ByteBuffer) {
        if inbound.readableBytes == 0 { inbound = buffer } else { inbound.writeImmutableBuffer(buffer) }
        do {
            while state == .awaitingHead, try parser.parse(inbound.readableBytesUInt8Span, isToHead: isToHead) {
                try takeHead()
            }
        } catch {
            fail(error)
            return
        }
        guard state != .awaitingHead else { return }
        let rest = inbound
        inbound = ByteBuffer()
        guard rest.readableBytes > 0 || state == .body else { return }
        if state == .tunnel { client?.receiveTunnelled(rest) } else { readBody(rest) }
    }

    private func takeHead() throws(FramingError) {
        let head = parser.head
        if head.status == 101 {
            guard let client, client.acceptsUpgrade else { throw .malformedStatus }
            state = .tunnel
            client.receiveUpgrade(parser, inbound.readableBytesUInt8Span)
        } else if head.isInformational {
            interimResponses += 1
            guard interimResponses <= 16 else { throw .malformedStatus }
            client?.receiveInterim(parser, inbound.readableBytesUInt8Span)
        } else {
            state = .body
            body = BodyTracker(head.framing)
            client?.receiveHead(parser, inbound.readableBytesUInt8Span)
        }
        inbound.moveReaderIndex(forwardBy: head.length)
        if state == .awaitingHead { parser.reset() }
    }

    private func readBody(_ received: ByteBuffer) {
        guard let client else { return }
        var buffer = received
        do {
            let count = removesChunks ? try passData(of: buffer, to: client) : try passWhole(buffer, to: client)
            buffer.moveReaderIndex(forwardBy: count)
        } catch {
            fail(error)
            return
        }
        // The client may have gone while it was written to.
        guard state == .body else { return }
        if body.isComplete { end(hasMore: buffer.readableBytes > 0) }
    }

    /// - Returns: How many bytes belong to the response.
    private func passWhole(_ buffer: ByteBuffer, to client: ClientConnection) throws(FramingError) -> Int {
        let bytes = buffer.readableBytesUInt8Span
        let count =
            parser.head.kind == .other && !client.isLogged
            ? try body.advance(over: bytes) : try body.advance(over: bytes) { client.measure(bytes.extracting($0)) }
        if count > 0, let slice = buffer.getSlice(at: buffer.readerIndex, length: count) { client.receiveBody(slice) }
        return count
    }

    /// For a client that cannot take chunks.
    private func passData(of buffer: ByteBuffer, to client: ClientConnection) throws(FramingError) -> Int {
        let bytes = buffer.readableBytesUInt8Span
        return try body.advance(over: bytes) { run in
            client.measure(bytes.extracting(run))
            guard !run.isEmpty else { return }
            if let slice = buffer.getSlice(at: buffer.readerIndex + run.lowerBound, length: run.count) {
                client.receiveBody(slice)
            }
        }
    }

    private func end(hasMore: Bool) {
        let lost = client
        client = nil
        state = .idle
        lost?.receiveEnd(from: self, isReusable: parser.head.keepsAlive && !hasMore && isOpen)
    }

    private func fail(_ error: FramingError) {
        let lost = client
        cancel()
        lost?.receiveMalformed(error)
    }
}
