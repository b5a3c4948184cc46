import HTTPFraming
import NIOCore
import NIOHTTP2

/// One stream to a model server that speaks HTTP/2, behind the UpstreamConnection that uses it: the HTTP/1.1 that it
/// writes becomes frames, and frames become the HTTP/1.1 that it reads. `ServerStream` is its mirror image.
final class ClientStream: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Request {
        case head
        case body(BodyPieces)
        case ended
    }

    private let session: ClientSession
    private var request = Request.head
    private var parser: RequestParser
    private var unparsed = ByteBuffer()
    private var isToHead = false
    /// `nil` until the response's head.
    private var response: ResponseText?

    init(session: ClientSession, limits: HeadLimits) {
        self.session = session
        // The gateway adds fields of its own to a head that was just within the limits.
        parser = RequestParser(
            limits: HeadLimits(byteCount: 4 * limits.byteCount + 4_096, fieldCount: limits.fieldCount + 32))
    }
}

// The request.
extension ClientStream {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        unparsed.writeImmutableBuffer(unwrapOutboundIn(data))
        do {
            while unparsed.readableBytes > 0, try translate(context) {}
            promise?.succeed()
        } catch {
            promise?.fail(error)
            context.close(promise: nil)
        }
    }

    /// - Returns: Whether there may be more to do.
    private func translate(_ context: ChannelHandlerContext) throws(FramingError) -> Bool {
        switch request {
        case .head: return try translateHead(context)
        case .body(var body):
            let buffer = unparsed
            unparsed = ByteBuffer()
            let frames = try body.frames(for: buffer)
            request = body.isComplete ? .ended : .body(body)
            for frame in frames { context.write(wrapOutboundOut(frame), promise: nil) }
            return false
        case .ended:
            unparsed = ByteBuffer()
            return false
        }
    }

    private func translateHead(_ context: ChannelHandlerContext) throws(FramingError) -> Bool {
        let buffer = unparsed
        let bytes = buffer.readableBytesUInt8Span
        guard try parser.parse(bytes) else { return false }
        let head = parser.head
        isToHead = head.method == .head
        unparsed.moveReaderIndex(forwardBy: head.length)
        request = head.framing == .none ? .ended : .body(BodyPieces(head.framing))
        let headers = HTTP2Frame.FramePayload.Headers(
            headers: .init(parser, of: bytes, isSecure: session.isSecure), endStream: head.framing == .none)
        context.write(wrapOutboundOut(.headers(headers)), promise: nil)
        return true
    }
}

// The response.
extension ClientStream {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do throws(MalformedMessage) {
            switch unwrapInboundIn(data) {
            case .headers(let payload): try receiveFields(payload, context)
            case .data(let payload): receiveData(payload, context)
            default: break
            }
        } catch {
            context.fireErrorCaught(ServerReset())
        }
    }

    private func receiveFields(_ payload: HTTP2Frame.FramePayload.Headers, _ context: ChannelHandlerContext)
        throws(MalformedMessage)
    {
        if let response {
            // Where the length was announced, HTTP/1.1 has no place for trailers.
            guard response.isChunked else { return }
            context.fireChannelRead(wrapInboundOut(try payload.headers.chunkedEnd()))
        } else {
            let head = try ResponseText(payload.headers, endsStream: payload.endStream, isToHead: isToHead)
            if !head.isInformational { response = head }
            context.fireChannelRead(wrapInboundOut(head.text))
        }
    }

    private func receiveData(_ payload: HTTP2Frame.FramePayload.Data, _ context: ChannelHandlerContext) {
        guard let response, case .byteBuffer(let piece) = payload.data else { return }
        let bytes = response.isChunked ? piece.asChunk(isLast: payload.endStream) : piece
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
    }

    /// The server has reset the stream. What it refused, or did not take any more because it stops, it has not looked
    /// at: that can be tried again, as where a connection is lost. RFC 9113 section 8.7.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let closed = error as? NIOHTTP2Errors.StreamClosed, closed.errorCode != .refusedStream, !session.isLeaving {
            context.fireErrorCaught(ServerReset())
        } else {
            context.fireErrorCaught(error)
        }
    }
}

/// A server has looked at a request and does not answer it.
struct ServerReset: Error {}
