import NIOCore

/// The header by which a load balancer in front says whom a connection is from: PROXY protocol, version 2. It is taken
/// only where the gateway was told to: then every connection must begin with it.
final class ProxyHeader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Told to the handlers behind, before the first bytes.
    struct Source: Sendable, Hashable {
        var address: String
    }

    enum Outcome: Sendable, Hashable {
        case incomplete
        /// - Parameter source: `nil`: the balancer speaks for itself, or does not know.
        case complete(length: Int, source: String?)
        case malformed
    }

    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10]
    /// Addresses, and what a balancer may say besides.
    private static let limit = 4_096

    private var received = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        switch Self.parse(received) {
        case .incomplete: break
        case .malformed: context.close(promise: nil)
        case .complete(let length, let source): pass(context, after: length, source)
        }
    }

    private func pass(_ context: ChannelHandlerContext, after length: Int, _ source: String?) {
        if let source { context.fireUserInboundEventTriggered(Source(address: source)) }
        received.moveReaderIndex(forwardBy: length)
        if received.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(received))
            context.fireChannelReadComplete()
        }
        received = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    static func parse(_ buffer: ByteBuffer) -> Outcome {
        let bytes = buffer.readableBytesView
        guard signature.starts(with: bytes.prefix(signature.count)) else { return .malformed }
        guard bytes.count >= 16 else { return .incomplete }
        var fields = buffer.getSlice(at: buffer.readerIndex + 12, length: 4) ?? ByteBuffer()
        guard let command = fields.readInteger(as: UInt8.self), let family = fields.readInteger(as: UInt8.self),
            let length = fields.readInteger(as: UInt16.self), command >> 4 == 2, command & 15 < 2, length <= limit
        else { return .malformed }
        guard let rest = buffer.getSlice(at: buffer.readerIndex + 16, length: Int(length)) else { return .incomplete }
        // 0: the balancer speaks for itself, as when it asks whether this lives.
        let source = command & 15 == 1 ? Self.source(rest, family: family) : .success(nil)
        guard case .success(let address) = source else { return .malformed }
        return .complete(length: 16 + Int(length), source: address)
    }

    /// - Returns: No address where the family has none that means anything here.
    private static func source(_ addresses: ByteBuffer, family: UInt8) -> Result<String?, TooShort> {
        let size = family >> 4 == 1 ? 4 : family >> 4 == 2 ? 16 : 0
        guard size > 0 else { return .success(nil) }
        // Two addresses and two ports.
        guard addresses.readableBytes >= 2 * size + 4,
            let packed = addresses.getSlice(at: addresses.readerIndex, length: size)
        else { return .failure(TooShort()) }
        return .success((try? SocketAddress(packedIPAddress: packed, port: 0))?.ipAddress)
    }

    private struct TooShort: Error {}
}
