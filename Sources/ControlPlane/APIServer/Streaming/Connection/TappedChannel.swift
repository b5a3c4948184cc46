import HummingbirdCore
import Logging
import NIOCore

/// An HTTP/1.1 connection that can become something else: `101 Switching Protocols`.
struct TappedChannel: ServerChildChannel {
    let http: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(ConnectionTap())
        }.flatMap { http.setup(channel: channel, logger: logger) }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}

/// A connection taken over from HTTP.
struct TappedConnection: ByteConnection {
    /// As in Kubernetes: after four hours without a byte a stream is closed.
    static let idleLimit = TimeAmount.hours(4)

    private let channel: any Channel
    private let tap: NIOLoopBound<ConnectionTap>

    /// - Throws: where the connection is closed.
    init(taking channel: any Channel) async throws {
        self.channel = channel
        tap = try await channel.eventLoop.submit {
            let tap = try channel.pipeline.syncOperations.handler(type: ConnectionTap.self)
            guard tap.take(idleLimit: Self.idleLimit) else { throw ChannelError.alreadyClosed }
            return NIOLoopBound(tap, eventLoop: channel.eventLoop)
        }.get()
    }

    func read() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await channel.eventLoop.flatSubmit { [tap, loop = channel.eventLoop] in tap.value.next(on: loop) }
                .map { $0.map { [UInt8](buffer: $0) } }.get()
        } onCancel: {
            close()
        }
    }

    func write(_ bytes: [UInt8]) async throws {
        let promise = channel.eventLoop.makePromise(of: Void.self)
        channel.eventLoop.execute { [tap] in tap.value.send(ByteBuffer(bytes: bytes), promise) }
        try await promise.futureResult.get()
    }

    func close() { channel.close(mode: .all, promise: nil) }
}
