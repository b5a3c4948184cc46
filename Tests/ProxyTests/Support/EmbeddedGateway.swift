import Activation
import Authorization
import NIOCore
import NIOEmbedded
import Routing

@testable import Proxy

/// One worker without sockets, threads or clock: the test moves bytes and time.
final class EmbeddedGateway {
    /// Hands out channels that the test connects, or lets fail.
    final class Connector: UpstreamConnector, @unchecked Sendable {
        // SAFETY: used on the test's thread only, as everything on an embedded loop is.
        var attempts: [(connection: UpstreamConnection, promise: EventLoopPromise<Void>)] = []

        func connect(
            _ connection: UpstreamConnection, to target: UpstreamTarget, on loop: any EventLoop, timeout: TimeAmount
        ) -> EventLoopFuture<Void> {
            let promise = loop.makePromise(of: Void.self)
            attempts.append((connection, promise))
            return promise.futureResult
        }
    }

    struct Refused: Error {}

    let loop = EmbeddedEventLoop()
    let connector = Connector()
    let signal = CountingWakeSignal()
    let registry: TrafficRegistry
    let worker: Worker
    var limits = GatewayLimits()

    init(
        desk: AccessDesk? = nil, requestLog: (any RequestLog)? = nil, tracing: TracePolicy? = nil,
        limits change: (inout GatewayLimits) -> Void = { _ in }
    ) {
        change(&limits)
        registry = TrafficRegistry(loops: 1, queue: limits.queue)
        worker = Worker(
            index: 0, loop: loop, limits: limits, wakeSignal: signal, connector: connector, desk: desk,
            requestLog: requestLog, tracing: tracing)
        worker.peers = [worker]
    }

    func swap(_ table: RoutingTable, _ access: AccessTable = .open) { worker.apply(registry.prepare(table, access)) }

    func makeClient() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(loop: loop)
        try channel.pipeline.syncOperations.addHandler(ClientConnection(worker: worker, address: "10.0.0.1"))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    /// Lets the attempt with this number succeed.
    func accept(_ attempt: Int = 0) throws -> EmbeddedChannel {
        let (connection, promise) = connector.attempts[attempt]
        let channel = EmbeddedChannel(loop: loop)
        try channel.pipeline.syncOperations.addHandler(connection)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        promise.succeed()
        return channel
    }

    func refuse(_ attempt: Int = 0) { connector.attempts[attempt].promise.fail(Refused()) }

    func advance(_ duration: Duration) { loop.advanceTime(by: .nanoseconds(duration.nanoseconds)) }

    var traffic: RevisionTraffic? { registry.read(at: worker.now).first }
}

extension EmbeddedChannel {
    func receive(_ text: String) throws { try writeInbound(ByteBuffer(string: text)) }

    func receive(_ bytes: some Collection<UInt8>) throws { try writeInbound(ByteBuffer(bytes: bytes)) }

    /// What was sent since the last time.
    func sent() throws -> String {
        var text = ""
        while let buffer = try readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }
}

extension UpstreamConnection {
    var embeddedChannel: EmbeddedChannel? { channel as? EmbeddedChannel }
}
