import Activation
import Authorization
import NIOCore
import NIOHTTP2

/// A client's HTTP/2 connection, beside its streams: how long it lives, and how it ends.
///
/// It ends when it had no stream for a while, when the gateway stops, and when the client breaks the protocol. In the
/// first two cases GOAWAY tells the client which requests were taken, and those are answered before it is closed.
final class ServerSession: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let worker: Worker
    private var context: ChannelHandlerContext?
    private var streams = 0
    private var lastStream = HTTP2StreamID.rootStream
    private var isLeaving = false
    private(set) var deadline: MonotonicTime

    init(worker: Worker) {
        self.worker = worker
        deadline = worker.now.advanced(by: worker.limits.keepAlive)
    }

    /// Puts HTTP/2 at the end of a pipeline whose next bytes are the client's preface.
    static func start(on context: ChannelHandlerContext, _ worker: Worker, _ peer: AccessPeer, check: AccessCheck?)
        throws
    {
        let session = ServerSession(worker: worker)
        let bound = NIOLoopBound((session, check), eventLoop: context.eventLoop)
        let configuration = worker.limits.http2.server(worker.limits.head)
        let handler = NIOHTTP2Handler(
            mode: .server, eventLoop: context.eventLoop, connectionConfiguration: configuration.connection,
            streamConfiguration: configuration.stream
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let (session, check) = bound.value
                session.opened(stream)
                let pipeline = stream.pipeline.syncOperations
                if check != nil {
                    try pipeline.addHandler(CheckStream(worker: worker, peer: peer))
                } else {
                    try pipeline.addHandlers([
                        ServerStream(limits: worker.limits.head), ClientConnection(worker: worker, peer),
                    ])
                }
            }
        }
        try context.pipeline.syncOperations.addHandlers([handler, session])
    }

    private func opened(_ stream: any Channel) {
        streams += 1
        deadline = .never
        if let id = try? stream.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID) {
            lastStream = max(lastStream, id)
        }
        stream.closeFuture.assumeIsolated().whenComplete { _ in self.closed() }
    }

    private func closed() {
        streams -= 1
        guard streams == 0 else { return }
        if isLeaving { closeSoon() } else { deadline = worker.now.advanced(by: worker.limits.keepAlive) }
    }

    /// Takes no more requests, and closes when those it has are answered.
    func leave() {
        guard let context, !isLeaving else { return }
        isLeaving = true
        deadline = .never
        let goAway = HTTP2Frame(
            streamID: .rootStream, payload: .goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil))
        context.writeAndFlush(wrapOutboundOut(goAway), promise: nil)
        if streams == 0 { closeSoon() }
    }

    /// After what is being written now has left.
    private func closeSoon() {
        context?.eventLoop.assumeIsolated().execute { self.context?.close(promise: nil) }
    }

    func checkDeadline(at now: MonotonicTime) { if now >= deadline { leave() } }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        worker.add(self)
        if worker.isStopping { leave() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        worker.remove(self)
    }

    /// SETTINGS and the like: the library has answered them.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    /// The library has reset the stream, or said GOAWAY.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !error.concernsOneStream { closeSoon() }
    }
}

extension Error {
    /// Whether the library has ended only the stream for it. What is not known to be so ends the connection, as RFC 9113
    /// section 5.4.2 allows.
    var concernsOneStream: Bool {
        switch self {
        case is NIOHTTP2Errors.StreamError, is NIOHTTP2Errors.StreamClosed: true
        // After GOAWAY the library still wants to open the connection's window when its last stream ends.
        case is NIOHTTP2Errors.IOOnClosedConnection: true
        case is NIOHTTP2Errors.MissingPseudoHeader, is NIOHTTP2Errors.DuplicatePseudoHeader,
            is NIOHTTP2Errors.PseudoHeaderAfterRegularHeader, is NIOHTTP2Errors.UnknownPseudoHeader,
            is NIOHTTP2Errors.UnsupportedPseudoHeader, is NIOHTTP2Errors.InvalidPseudoHeaders,
            is NIOHTTP2Errors.InvalidPseudoHeaderValue, is NIOHTTP2Errors.EmptyPathHeader,
            is NIOHTTP2Errors.InvalidStatusValue:
            true
        case is NIOHTTP2Errors.InvalidHTTP2HeaderFieldName, is NIOHTTP2Errors.InvalidHTTP2HeaderFieldValue,
            is NIOHTTP2Errors.ForbiddenHeaderField:
            true
        case is NIOHTTP2Errors.ContentLengthViolated, is NIOHTTP2Errors.ContentLengthHeadersMismatch,
            is NIOHTTP2Errors.ContentLengthHeaderNegative, is NIOHTTP2Errors.ContentLengthHeaderMalformedValue:
            true
        default: false
        }
    }
}
