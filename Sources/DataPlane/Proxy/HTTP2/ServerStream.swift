import HTTPFraming
import NIOCore
import NIOHTTP2

/// One stream of a client that speaks HTTP/2, in front of the ClientConnection that answers it: frames become the
/// HTTP/1.1 that it reads, and what it writes becomes frames. So routing, waiting, cancellation and measuring are the
/// same for both protocols.
///
/// The request says `Connection: close`, so that the ClientConnection closes its output after the one response. Until it
/// does, the response's last frame is kept back: with it the stream is over, and everything must be in order by then.
/// A response that is not closed in this way was cut, and the stream is reset.
final class ServerStream: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Response {
        case head
        case body(BodyPieces)
        /// All is written but the frame that ends the stream.
        case complete(last: HTTP2Frame.FramePayload)
        case ended
    }

    private var request: RequestText?
    private var isRequestComplete = false
    private var response = Response.head
    private var parser: ResponseParser
    private var unparsed = ByteBuffer()

    init(limits: HeadLimits) {
        // The gateway adds fields of its own to a head that was just within the limits.
        parser = ResponseParser(
            limits: HeadLimits(byteCount: 2 * limits.byteCount + 1_024, fieldCount: limits.fieldCount + 16))
    }
}

// The request.
extension ServerStream {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do throws(MalformedMessage) {
            switch unwrapInboundIn(data) {
            case .headers(let payload): try receiveFields(payload, context)
            case .data(let payload): receiveData(payload, context)
            default: break
            }
        } catch {
            reset(context, .protocolError)
        }
    }

    private func receiveFields(_ payload: HTTP2Frame.FramePayload.Headers, _ context: ChannelHandlerContext)
        throws(MalformedMessage)
    {
        isRequestComplete = payload.endStream
        if let request {
            // Where the length was announced, HTTP/1.1 has no place for trailers.
            guard request.isChunked else { return }
            context.fireChannelRead(wrapInboundOut(try payload.headers.chunkedEnd()))
        } else {
            let request = try RequestText(payload.headers, endsStream: payload.endStream)
            self.request = request
            context.fireChannelRead(wrapInboundOut(request.text))
        }
    }

    private func receiveData(_ payload: HTTP2Frame.FramePayload.Data, _ context: ChannelHandlerContext) {
        guard let request, case .byteBuffer(let piece) = payload.data else { return }
        isRequestComplete = payload.endStream
        let bytes = request.isChunked ? piece.asChunk(isLast: payload.endStream) : piece
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
    }
}

// The response.
extension ServerStream {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let buffer = unwrapOutboundIn(data)
        if buffer.readableBytes == 0 {
            mark(context, promise)
            return
        }
        unparsed.writeImmutableBuffer(buffer)
        do {
            while unparsed.readableBytes > 0, try translate(context) {}
            promise?.succeed()
        } catch {
            promise?.fail(error)
            reset(context, .internalError)
        }
    }

    /// Completes the promise when all that was written before has left.
    private func mark(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        if case .body = response, let promise {
            let empty = HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(ByteBuffer())))
            context.write(wrapOutboundOut(empty), promise: promise)
        } else {
            promise?.succeed()
        }
    }

    /// - Returns: Whether there may be more to do.
    private func translate(_ context: ChannelHandlerContext) throws(FramingError) -> Bool {
        switch response {
        case .head: return try translateHead(context)
        case .body(var body):
            let buffer = unparsed
            unparsed = ByteBuffer()
            send(try body.frames(for: buffer), body, context)
            return false
        case .complete, .ended:
            unparsed = ByteBuffer()
            return false
        }
    }

    private func translateHead(_ context: ChannelHandlerContext) throws(FramingError) -> Bool {
        let buffer = unparsed
        let bytes = buffer.readableBytesUInt8Span
        guard try parser.parse(bytes, isToHead: request?.isToHead ?? false) else { return false }
        let head = parser.head
        let headers = HTTP2Frame.FramePayload.Headers(
            headers: .init(parser, of: bytes), endStream: !head.isInformational && head.framing == .none)
        unparsed.moveReaderIndex(forwardBy: head.length)
        parser.reset()
        if headers.endStream {
            response = .complete(last: .headers(headers))
        } else {
            context.write(wrapOutboundOut(.headers(headers)), promise: nil)
            if !head.isInformational { response = .body(BodyPieces(head.framing)) }
        }
        return true
    }

    private func send(_ frames: [HTTP2Frame.FramePayload], _ body: BodyPieces, _ context: ChannelHandlerContext) {
        response = .body(body)
        var frames = frames
        if body.isComplete, let last = frames.popLast() { response = .complete(last: last) }
        for frame in frames { context.write(wrapOutboundOut(frame), promise: nil) }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch (mode, response) {
        case (.output, .complete(let last)): end(context, last, promise)
        case (.output, .body(let body)) where body.isUntilClose:
            end(context, .data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)), promise)
        case (_, .ended): context.close(mode: .all, promise: promise)
        default:
            // A stream that the gateway never looked at can be tried again.
            reset(context, request == nil ? .refusedStream : .internalError)
            context.close(mode: .all, promise: promise)
        }
    }

    private func end(
        _ context: ChannelHandlerContext, _ last: HTTP2Frame.FramePayload, _ promise: EventLoopPromise<Void>?
    ) {
        response = .ended
        guard !isRequestComplete else {
            context.writeAndFlush(wrapOutboundOut(last), promise: promise)
            return
        }
        // The rest of the request is not wanted: RFC 9113 section 8.1. A reset would take back what waits to be written.
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.cascade(to: promise)
        written.futureResult.assumeIsolated().whenSuccess { self.reset(context, .noError) }
        context.writeAndFlush(wrapOutboundOut(last), promise: written)
    }

    private func reset(_ context: ChannelHandlerContext, _ code: HTTP2ErrorCode) {
        response = .ended
        context.writeAndFlush(wrapOutboundOut(.rstStream(code)), promise: nil)
    }
}
