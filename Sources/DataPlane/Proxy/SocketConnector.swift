import NIOCore
import NIOPosix

/// Connections to model servers over TCP.
struct SocketConnector: UpstreamConnector {
    func connect(
        _ connection: UpstreamConnection, to address: SocketAddress, on loop: any EventLoop, timeout: TimeAmount
    ) -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(connection, eventLoop: loop)
        return ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(bound.value) }
            }
            .connect(to: address)
            .map { _ in }
    }
}
