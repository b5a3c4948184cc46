import Activation
import Authorization
import HTTPFraming
import NIOCore
import Routing

/// A client's connection: one request after the other, each from its head to the end of its response.
///
///     idle -> head -> selecting -> authorizing -> held | connecting | forwarding
///                     head -> authorizing                          (the host or the path names the service)
///                     head, selecting -> held | connecting | forwarding     (it is known that the caller may)
///     head, selecting, authorizing -> gathering -> held | connecting | forwarding     (several replicas, and a prompt)
///     held -> connecting | forwarding                              (an endpoint has a place)
///     connecting -> forwarding | held                              (held: it could not be connected to)
///     forwarding -> idle | tunnel | held | connecting | lingering  (held, connecting: it is sent again)
///     head, selecting, authorizing, held, connecting, forwarding -> idle | lingering    (the gateway answers by itself)
///     any -> closed
///
/// A client that closes its side counts as gone, even if it could still read: as in nginx and Envoy.
final class ClientConnection: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// Between requests.
        case idle
        /// Some bytes of a head are there.
        case head
        /// The prompt is read, by which the replica is chosen.
        case gathering
        /// The body is read until it has named its model.
        case selecting(ModelScanner)
        /// It is being found out whether the caller may call.
        case authorizing(AccessPurpose)
        case held(HoldTicket)
        case connecting
        case forwarding(UpstreamConnection)
        case tunnel(UpstreamConnection)
        /// The last response is out; what still comes in is thrown away.
        case lingering
        case closed
    }

    let worker: Worker
    /// The caller, where a request does not say who it is from.
    let peer: Caller
    var context: ChannelHandlerContext?
    var phase = Phase.idle
    /// In the worker's list.
    var slot = -1
    var deadline = MonotonicTime.never

    var parser: RequestParser
    var rewriter: RequestRewriter
    /// Received, and not yet used: part of a head, a body that waits, the next request.
    var inbound = ByteBuffer()
    /// The head that is sent upstream and as much of the body as came with it; kept to be sent again.
    var request = ByteBuffer()
    /// What was read of a body that has not named its model yet.
    var selected = ByteBuffer()
    /// The response's head, until the body's first bytes join it.
    var outbound = ByteBuffer()
    /// `nil` between requests.
    var exchange: Exchange?
    /// Of the exchange, among all of the event loop.
    var number: UInt64 = 0
    var line = RequestLine()

    private var isReadPending = false
    private var isProcessing = false
    /// Between the first `channelRead` and `channelReadComplete`, which flushes.
    private var isReading = false
    private var hasUnflushed = false
    /// Which attempt to connect, or to be let in, is the current one: the others' outcomes are not waited for any more.
    var attempt = 0

    /// A copy of a request: there is no client, and what is written goes nowhere.
    let isShadow: Bool
    /// The connection, as those see it who decide whether a caller may call.
    let source: AccessPeer
    /// Who is told whether the request may go on, which is all that is asked; `nil`: it goes on.
    let check: AccessCheck?

    convenience init(worker: Worker, address: String, isSecure: Bool = false, isShadow: Bool = false) {
        self.init(worker: worker, AccessPeer(address: address, isSecure: isSecure), isShadow: isShadow)
    }

    init(worker: Worker, _ source: AccessPeer, isShadow: Bool = false, check: AccessCheck? = nil) {
        let (address, isSecure) = (source.address, source.isSecure)
        self.worker = worker
        self.isShadow = isShadow
        self.source = source
        self.check = check
        peer = Caller(hash: HeaderHash.of(Array(address.utf8).span))
        parser = RequestParser(limits: worker.limits.head)
        rewriter = RequestRewriter(client: ClientAddress(address), isSecure: isSecure)
    }

    /// Of the client: an IP address.
    var address: String { source.address }
    var isWritable: Bool { context?.channel.isWritable ?? isShadow }
    var acceptsUpgrade: Bool { exchange?.upgrades ?? false }
    /// Whether the bytes of an answer are counted.
    var isLogged: Bool { exchange?.log != nil || exchange?.capture != nil }

    /// The model server takes more again, or there is room for more to wait here.
    func resumeReading() {
        guard isReadPending, mayRead else { return }
        isReadPending = false
        context?.read()
    }

    func upstreamWritabilityChanged() { resumeReading() }

    private var mayRead: Bool {
        switch phase {
        case .idle, .head, .selecting, .gathering, .lingering, .closed: true
        case .authorizing, .held, .connecting: inbound.readableBytes < worker.limits.readAhead
        case .forwarding(let upstream):
            exchange?.progress.isRequestComplete ?? true
                ? inbound.readableBytes < worker.limits.readAhead : upstream.isWritable
        case .tunnel(let upstream): upstream.isWritable
        }
    }

    func setDeadline(after limit: Duration) { deadline = worker.now.advanced(by: limit) }

    /// Uses what was received, as far as the phase allows.
    func process() {
        guard !isProcessing else { return }
        isProcessing = true
        while takeStep() {}
        isProcessing = false
        if !isReading { flushUpstream() }
        resumeReading()
    }

    /// - Returns: Whether there may be more to do.
    private func takeStep() -> Bool {
        guard inbound.readableBytes > 0 else { return false }
        switch phase {
        case .idle, .head: return readHead()
        case .selecting(let scanner): return readModel(scanner)
        case .gathering: return gatherPrompt()
        case .forwarding(let upstream): return forwardBody(to: upstream)
        case .tunnel(let upstream):
            upstream.write(takeInbound())
            return false
        case .authorizing, .held, .connecting: return false
        case .lingering, .closed:
            inbound = ByteBuffer()
            return false
        }
    }

    func takeInbound() -> ByteBuffer {
        defer { inbound = ByteBuffer() }
        return inbound
    }
}

// What the channel says.
extension ClientConnection {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { open(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) { open(context) }

    private func open(_ context: ChannelHandlerContext) {
        guard slot < 0 else { return }
        if worker.isStopping {
            context.close(promise: nil)
            return
        }
        worker.add(self)
        setDeadline(after: worker.limits.keepAlive)
    }

    func read(context: ChannelHandlerContext) {
        if mayRead { context.read() } else { isReadPending = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        isReading = true
        if inbound.readableBytes == 0 { inbound = buffer } else { inbound.writeImmutableBuffer(buffer) }
        process()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        flushUpstream()
    }

    private func flushUpstream() {
        switch phase {
        case .forwarding(let upstream), .tunnel(let upstream): upstream.flush()
        default: break
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        switch phase {
        case .forwarding(let upstream), .tunnel(let upstream):
            if isWritable {
                touch()
                upstream.resumeReading()
            }
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// The client is gone: whatever was going on for it ends now.
    func channelInactive(context: ChannelHandlerContext) {
        leave()
        worker.remove(self)
        inbound = ByteBuffer()
        request = ByteBuffer()
        selected = ByteBuffer()
        outbound = ByteBuffer()
    }

    func leave() {
        detach()
        let wasTunnel = if case .tunnel = phase { true } else { false }
        phase = .closed
        endExchange(status: wasTunnel ? 101 : 499)
    }
}

// Writing.
extension ClientConnection {
    func write(_ buffer: ByteBuffer) {
        hasUnflushed = true
        context?.write(wrapOutboundOut(buffer), promise: nil)
    }

    func flush() {
        guard hasUnflushed else { return }
        hasUnflushed = false
        context?.flush()
    }
}
