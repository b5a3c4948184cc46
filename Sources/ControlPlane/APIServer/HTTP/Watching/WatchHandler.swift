import KubeClient
import KubeModel
import NIOCore
import NIOHTTP1

/// A connection that has become a watch's: it has no task and nothing of HTTP any more, so that thousands cost little.
/// Events go out as they come; while the client is not ready for them they wait in the feed.
///
/// Used on the connection's event loop only.
final class WatchHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Events that are written before it is looked whether the client keeps up.
    private static let batch = 32

    private var lines: WatchLines
    private let feed: WatchFeed
    private let watch: ObservedWatch
    private var onEnd: (() -> Void)?
    private var context: ChannelHandlerContext?
    private var end: Scheduled<Void>?
    private var bookmarks: RepeatedTask?

    private init(_ body: WatchBody, _ feed: WatchFeed, _ watch: ObservedWatch) {
        lines = body.lines
        self.feed = feed
        self.watch = watch
        onEnd = body.onEnd
    }

    /// Makes the connection, whose answer has begun, that of `body`.
    ///
    /// - Throws: `Status` where the watch cannot go on; what a closed connection throws.
    static func take(
        _ connection: NIOLoopBound<HTTPConnection>, of channel: any Channel, _ rounds: WatchRounds,
        _ body: inout WatchBody, _ write: APIResponse.Write
    ) async throws {
        let place = NIOLoopBoundBox<WatchHandler?>(nil, eventLoop: channel.eventLoop)
        let feed = WatchFeed(rounds) { place.value?.drain() }
        let watch = try await body.follow(into: feed, write)
        do {
            try connection.value.give()
            let handler = WatchHandler(body, feed, watch)
            try handler.replaceHTTP(on: channel.pipeline.syncOperations)
            place.value = handler
            handler.begin(body.options)
        } catch {
            watch.leave()
            throw error
        }
    }

    private func replaceHTTP(on pipeline: ChannelPipeline.SynchronousOperations) throws {
        try pipeline.addHandler(self, position: .after(pipeline.handler(type: ConnectionTap.self)))
        let contexts = [
            try pipeline.context(handlerType: HTTPConnection.self),
            try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self),
            try pipeline.context(handlerType: HTTPResponseEncoder.self),
        ]
        for context in contexts { pipeline.removeHandler(context: context, promise: nil) }
    }

    private func begin(_ options: WatchOptions) {
        guard let context else { return }
        let loop = context.eventLoop
        if let timeout = options.timeout {
            end = loop.scheduleTask(in: TimeAmount(timeout)) { [watch = watch.watch] in watch.end() }
        }
        if options.allowsBookmarks {
            let interval = TimeAmount(ObjectServer.bookmarkInterval)
            bookmarks = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [watch] _ in
                watch.bookmark()
            }
        }
        // HTTP read no further than its request; what is read from now on shows whether the client is there.
        context.read()
        drain()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    /// Nothing that a client says here means anything.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func channelWritabilityChanged(context: ChannelHandlerContext) { drain() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        leave()
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ServerIsStopping { finish(nil) }
        context.fireUserInboundEventTriggered(event)
    }

    private func drain() {
        while let context, context.channel.isWritable {
            let (notices, end) = feed.next(Self.batch)
            do { try send(notices, context) } catch { return finish(.internalError("\(error)")) }
            if let end { return finish(end.reason) }
            guard !notices.isEmpty else { return }
            context.flush()
        }
    }

    /// As one write, whatever their number.
    private func send(_ notices: [WatchNotice], _ context: ChannelHandlerContext) throws {
        guard let first = notices.first else { return }
        var bytes = try lines.chunk(first)
        for notice in notices.dropFirst() { bytes += try lines.chunk(notice) }
        send(bytes, context)
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    /// Ends the body, and with it the connection.
    private func finish(_ reason: Status?) {
        guard let context else { return }
        leave()
        if let line = reason.flatMap({ try? lines.bytes($0) }) { send(WatchLines.chunk(line), context) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "0\r\n\r\n"))).whenComplete { _ in
            bound.value.close(promise: nil)
        }
    }

    private func leave() {
        guard context != nil else { return }
        context = nil
        watch.leave()
        end?.cancel()
        bookmarks?.cancel()
        onEnd?()
        onEnd = nil
    }
}
