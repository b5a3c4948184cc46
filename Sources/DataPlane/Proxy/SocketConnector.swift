import NIOCore
import NIOPosix
import Routing

/// Connections to model servers over TCP.
struct SocketConnector: UpstreamConnector {
    let limits: GatewayLimits

    func connect(
        _ connection: UpstreamConnection, to target: UpstreamTarget, on loop: any EventLoop, timeout: TimeAmount
    ) -> EventLoopFuture<Void> {
        switch target.portProtocol {
        case .http1: connect(connection, to: target.address, on: loop, timeout: timeout)
        case .h2c:
            (target.sessions.first(where: \.hasRoom)
                ?? .connect(to: target, on: loop, timeout: timeout, limits: limits)).open(connection, on: loop)
        }
    }

    private func connect(
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
