import Activation
import NIOCore
import Routing

/// A port of an endpoint, for one event loop: what is spoken there, and the connections to it.
final class UpstreamTarget {
    let address: SocketAddress
    let portProtocol: PortProtocol
    /// With HTTP/1.1: those that have no request.
    var pool: IdlePool<UpstreamConnection>
    /// With HTTP/2: all.
    var sessions: [ClientSession] = []

    /// - Returns: `nil` where the address is none.
    init?(_ address: String, port: Int, _ portProtocol: PortProtocol, limits: GatewayLimits) {
        guard let address = try? SocketAddress(ipAddress: address, port: port) else { return nil }
        self.address = address
        self.portProtocol = portProtocol
        pool = IdlePool(limit: limits.idleUpstreams, idleLimit: limits.upstreamIdle)
    }

    var isIdle: Bool { pool.count == 0 && sessions.isEmpty }

    func closeIdle(at now: MonotonicTime) {
        for connection in pool.removeExpired(at: now) { connection.cancel() }
        for session in sessions { session.leave(ifIdleAt: now) }
    }

    /// The endpoint is gone: its idle connections are of no use, and the others have no further request.
    func close() {
        for connection in pool.removeAll() { connection.cancel() }
        for session in sessions { session.leave() }
    }
}
