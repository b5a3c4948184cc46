import NIOCore

/// A connection taken over from HTTP.
struct TappedConnection: ByteConnection {
    /// As in Kubernetes: after four hours without a byte a stream is closed.
    static let idleLimit = TimeAmount.hours(4)

    private let channel: any Channel
    private let tap: NIOLoopBound<ConnectionTap>

    /// To be called on the connection's event loop.
    ///
    /// - Throws: where the connection is closed.
    init(taking channel: any Channel) throws {
        self.channel = channel
        let tap = try channel.pipeline.syncOperations.handler(type: ConnectionTap.self)
        guard tap.take(idleLimit: Self.idleLimit) else { throw ChannelError.alreadyClosed }
        self.tap = NIOLoopBound(tap, eventLoop: channel.eventLoop)
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
