import Activation
import NIOCore
import NIOHTTP2
import NIOPosix

/// A connection to a model server that speaks HTTP/2, on which each request is a stream.
final class ClientSession: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    let isSecure: Bool
    /// `nil` once the endpoint is gone.
    private weak var target: UpstreamTarget?
    private let ready: EventLoopPromise<NIOHTTP2Handler.StreamMultiplexer>
    private let limits: GatewayLimits
    private var context: ChannelHandlerContext?
    private var streams = 0
    /// How many the server takes at once: RFC 9113 section 6.5.2 wants it to be at least 100.
    private var streamLimit = 100
    private var idleSince: NIODeadline?
    private var hasServed = false
    private var isClosed = false
    /// The server takes no more requests, or it is not wanted any more.
    private(set) var isLeaving = false

    private init(_ target: UpstreamTarget, on loop: any EventLoop, limits: GatewayLimits) {
        self.target = target
        self.limits = limits
        isSecure = false
        ready = loop.makePromise()
    }

    var hasRoom: Bool { !isLeaving && !isClosed && streams < streamLimit }

    static func connect(
        to target: UpstreamTarget, on loop: any EventLoop, timeout: TimeAmount, limits: GatewayLimits
    ) -> ClientSession {
        let session = ClientSession(target, on: loop, limits: limits)
        let bound = NIOLoopBound(session, eventLoop: loop)
        target.sessions.append(session)
        ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try bound.value.start(on: channel) }
            }
            .connect(to: target.address)
            .assumeIsolated().whenComplete { session.connected($0) }
        return session
    }

    private func start(on channel: any Channel) throws {
        let configuration = limits.http2.client(limits.head)
        let handler = NIOHTTP2Handler(
            mode: .client, eventLoop: channel.eventLoop, connectionConfiguration: configuration.connection,
            streamConfiguration: configuration.stream
        ) { pushed in pushed.close() }
        try channel.pipeline.syncOperations.addHandlers([handler, self])
    }

    private func connected(_ result: Result<any Channel, any Error>) {
        do {
            let handler = try result.get().pipeline.syncOperations.handler(type: NIOHTTP2Handler.self)
            ready.succeed(try handler.syncMultiplexer())
        } catch {
            forget()
            ready.fail(error)
        }
    }

    /// Opens a stream for one request.
    func open(_ connection: UpstreamConnection, on loop: any EventLoop) -> EventLoopFuture<Void> {
        streams += 1
        idleSince = nil
        connection.isReused = hasServed
        hasServed = true
        let bound = NIOLoopBound((self, connection), eventLoop: loop)
        let opened = ready.futureResult.flatMap { multiplexer in
            multiplexer.createStreamChannel { stream in
                stream.eventLoop.makeCompletedFuture {
                    let (session, connection) = bound.value
                    try stream.pipeline.syncOperations.addHandlers([
                        ClientStream(session: session, limits: session.limits.head), connection,
                    ])
                }
            }
        }
        opened.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let stream): stream.closeFuture.assumeIsolated().whenComplete { _ in self.closed() }
            case .failure: self.closed()
            }
        }
        return opened.map { _ in }
    }

    private func closed() {
        streams -= 1
        guard streams == 0 else { return }
        idleSince = .now()
        if isLeaving { close() }
    }

    /// Takes no new request, and closes after those that are under way.
    func leave() {
        isLeaving = true
        if streams == 0 { close() }
    }

    func leave(ifIdleAt now: MonotonicTime) {
        guard let idleSince, MonotonicTime(idleSince).advanced(by: limits.http2.idleSession) <= now else { return }
        leave()
    }

    private func close() {
        forget()
        context?.eventLoop.assumeIsolated().execute { self.context?.close(promise: nil) }
    }

    private func forget() {
        isClosed = true
        target?.sessions.removeAll { $0 === self }
    }
}

// What the channel says.
extension ClientSession {
    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data).payload {
        case .settings(.settings(let settings)):
            for setting in settings where setting.parameter == .maxConcurrentStreams {
                streamLimit = max(1, setting.value)
            }
        case .goAway:
            forget()
            leave()
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) { forget() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !error.concernsOneStream { context.close(promise: nil) }
    }
}
