import NIOCore
import NIOPosix
import NIOSSL
import Routing

/// Connections to model servers over TCP.
struct SocketConnector: UpstreamConnector {
    let limits: GatewayLimits

    func connect(
        _ connection: UpstreamConnection, to target: UpstreamTarget, on loop: any EventLoop, timeout: TimeAmount
    ) -> EventLoopFuture<Void> {
        switch target.portProtocol {
        case .http1: connect([connection], to: target.address, on: loop, timeout: timeout)
        case .https: connectSecurely(connection, to: target.address, on: loop, timeout: timeout)
        case .h2c:
            (target.sessions.first(where: \.hasRoom)
                ?? .connect(to: target, on: loop, timeout: timeout, limits: limits)).open(connection, on: loop)
        }
    }

    /// Encrypted only: a pod is known by its address, which the platform gave it, and has no name that a certificate could
    /// be for.
    private func connectSecurely(
        _ connection: UpstreamConnection, to address: SocketAddress, on loop: any EventLoop, timeout: TimeAmount
    ) -> EventLoopFuture<Void> {
        do {
            let tls = try NIOSSLClientHandler(context: try Self.secure.get(), serverHostname: nil)
            return connect([tls, connection], to: address, on: loop, timeout: timeout)
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    private static let secure = Result {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        tls.applicationProtocols = ["http/1.1"]
        tls.shutdownTimeout = .milliseconds(500)
        return try NIOSSLContext(configuration: tls)
    }

    private func connect(
        _ handlers: [any ChannelHandler], to address: SocketAddress, on loop: any EventLoop, timeout: TimeAmount
    ) -> EventLoopFuture<Void> {
        let bound = NIOLoopBound(handlers, eventLoop: loop)
        return ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandlers(bound.value) }
            }
            .connect(to: address)
            .map { _ in }
    }
}
