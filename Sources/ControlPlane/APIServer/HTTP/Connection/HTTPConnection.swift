import NIOCore
import NIOHTTP1
import NIOSSL

/// One connection of a client, as HTTP/1.1 has it: a request, its answer, the next request.
///
/// Each request has a task of its own on the connection's event loop, which begins with its head. What comes behind a
/// request waits until that is answered, and nothing more is read meanwhile. When the client goes, the task is cancelled.
///
/// Transitions: idle -> open -> idle; open -> draining -> idle where the answer is there before all of the request;
/// open -> given, to what the connection becomes; any -> closed.
///
/// Used on its event loop only.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case open(OpenRequest)
        case draining
        case given(Task<Void, Never>?)
        case closed
    }

    private let api: API
    private let loop: ConnectionLoop
    private var state = State.idle
    private var context: ChannelHandlerContext?
    /// What has come in of the next requests.
    private var waiting: [HTTPServerRequestPart] = []
    private var isReadHeld = false
    private var isStopping = false
    /// The request's task while it waits for room.
    private var writer: CheckedContinuation<Void, any Error>?
    private var certificate: ShownCertificate??

    init(_ api: API, on loop: ConnectionLoop) {
        self.api = api
        self.loop = loop
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if waiting.isEmpty, take(part, context) { return }
        waiting.append(part)
    }

    func read(context: ChannelHandlerContext) {
        isReadHeld = if case .open(let open) = state { open.isReceived || open.body.isFull } else { false }
        if !isReadHeld { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { resumeWriter(.success(())) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        close(ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError, case .idle = state { refuse(context) }
        close(error)
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerIsStopping { stop(context) }
        context.fireUserInboundEventTriggered(event)
    }
}

extension HTTPConnection {
    /// Bytes of all headers of a request, and of each.
    private static let headerLimit = 80 << 10

    /// Makes a fresh connection speak HTTP over TLS.
    static func add(
        to channel: any Channel, of loop: ConnectionLoop, _ api: API, _ tls: NIOSSLContext
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers(NIOSSLServerHandler(context: tls), ConnectionTap())
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headerLimit
        limits.maxHeaderListSize = headerLimit
        // Answers have no headers but our own, and those of pods, which a parser has let through.
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
        try pipeline.addHandler(HTTPConnection(api, on: loop))
    }

    /// - Returns: false for what belongs to a request that cannot begin yet.
    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) -> Bool {
        switch (state, part) {
        case (.idle, .head(let head)): begin(head, context)
        case (.open(let open), .body(let bytes)) where !open.isReceived: open.body.feed(bytes)
        case (.open(var open), .end) where !open.isReceived:
            open.isReceived = true
            state = .open(open)
            open.body.finish()
        case (.draining, .end): state = .idle
        case (.draining, _), (.given, _), (.closed, _): break
        case (.open, _), (.idle, _): return false
        }
        return true
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let exchange = HTTPExchange(
            api: api, head: head, channel: context.channel,
            connection: NIOLoopBound(self, eventLoop: context.eventLoop), rounds: loop.rounds)
        var open = OpenRequest(head, IncomingBody { [weak self] in self?.readOn() })
        // A handler has no scope to run it in: the connection cancels it when it closes.
        open.task = Task(executorPreference: loop.executor) { await exchange.run() }
        state = .open(open)
    }

    private func readOn() {
        guard isReadHeld, let context else { return }
        read(context: context)
    }

    /// What came is no HTTP.
    private func refuse(_ context: ChannelHandlerContext) {
        let headers: HTTPHeaders = ["Connection": "close", "Content-Length": "0"]
        let head = HTTPResponseHead(version: .http1_1, status: .badRequest, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func close(_ reason: any Error) {
        if case .open(let open) = state {
            open.body.finish(reason)
            open.task?.cancel()
        }
        state = .closed
        waiting = []
        resumeWriter(.failure(reason))
    }

    private func resumeWriter(_ result: Result<Void, any Error>) {
        writer?.resume(with: result)
        writer = nil
    }

    /// Takes no further request. A body without an end ends now, and so does what the connection has become.
    private func stop(_ context: ChannelHandlerContext) {
        isStopping = true
        switch state {
        case .idle: context.close(promise: nil)
        case .open(let open) where open.isEndless:
            open.task?.cancel()
            resumeWriter(.failure(CancellationError()))
        case .given(let task): task?.cancel()
        case .open, .draining, .closed: break
        }
    }
}

// What the task of a request asks for.
extension HTTPConnection {
    /// The body of the request that is open.
    ///
    /// - Parameter isAskedFor: whether the client waits to be told to send it (RFC 9110, section 10.1.1).
    func body(isAskedFor: Bool) throws -> IncomingBody {
        guard case .open(let open) = state, let context else { throw ChannelError.ioOnClosedChannel }
        if isAskedFor, !open.isReceived {
            let head = HTTPResponseHead(version: open.version, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
        return open.body
    }

    /// Whom the client's certificate speaks for. It is read once.
    func shownCertificate() -> ShownCertificate? {
        if let certificate { return certificate }
        let peer = try? context?.pipeline.syncOperations.nioSSL_peerCertificate()
        let shown = peer.flatMap(ShownCertificate.init)
        certificate = .some(shown)
        return shown
    }

    /// Answers with all of a body.
    func answer(_ head: HTTPResponseHead, _ bytes: [UInt8]) {
        begin(head)
        if !bytes.isEmpty, case .open(let open) = state, !open.isHeadOnly {
            context?.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        }
        end()
    }

    /// Begins an answer whose body comes part by part.
    ///
    /// - Parameter isEndless: the last of its connection, which ends when the server stops.
    func begin(_ head: HTTPResponseHead, isEndless: Bool = false) {
        guard case .open(var open) = state, let context else { return }
        open.isEndless = isEndless
        open.isLast = open.isLast || isEndless || isStopping
        state = .open(open)
        var head = head
        head.version = open.version
        if open.isLast { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        guard isEndless else { return }
        context.flush()
        if isStopping { open.task?.cancel() }
    }

    /// Sends a part of a body, and comes back when there is room for more.
    ///
    /// - Throws: where the client is gone, or the server stops.
    func write(_ bytes: [UInt8]) async throws {
        guard case .open = state, let context else { throw ChannelError.ioOnClosedChannel }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        guard !context.channel.isWritable else { return }
        try await withCheckedThrowingContinuation { writer = $0 }
    }

    /// Ends the answer.
    func end() {
        guard case .open(let open) = state, let context else { return }
        open.body.discard()
        guard !open.isLast, !isStopping else {
            state = .closed
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            return context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
                bound.value.close(promise: nil)
            }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        state = open.isReceived ? .idle : .draining
        while let part = waiting.first, take(part, context) { waiting.removeFirst() }
        readOn()
    }

    /// Breaks an answer off, so that the client sees that it is not whole.
    func abort() {
        close(ChannelError.ioOnClosedChannel)
        context?.close(promise: nil)
    }

    /// The connection is HTTP no longer.
    ///
    /// - Throws: where it is closed.
    func give() throws {
        guard case .open(let open) = state else { throw ChannelError.ioOnClosedChannel }
        state = .given(open.task)
        readOn()
    }
}
