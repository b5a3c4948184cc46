package import Activation
package import HTTPFraming
import NIOCore

/// Where the gateway listens, and its limits.
package struct GatewayConfiguration: Sendable {
    /// An IP address of this machine.
    package var host = "127.0.0.1"
    /// 0: any free port; `Gateway.boundPort` tells which.
    package var port = 8080
    /// What the port is set with, for the error that tells that it is taken.
    package var portFlag = "--gateway-port"
    /// Every connection begins with PROXY protocol's header, which says whom it is from.
    package var takesProxyHeader = false
    /// `nil`: no TLS.
    package var tls: GatewayTLS?
    /// Where Envoys ask whether requests may go on (ext_authz, by gRPC and HTTP); `nil`: nowhere.
    package var externalAuthorizationPort: Int?
    /// Where calls are logged with who made them; `nil`: nowhere.
    package var callLog: (any CallLog)?
    /// Event loops; each has its own connections. 1 to 64.
    package var loops = max(1, System.coreCount / 2)
    package var limits = GatewayLimits()
    /// Where requests are logged, if the routing table says that they are.
    package var requestLog: (any RequestLog)?
    /// Whether ended requests are kept for `Gateway.takeEnded`.
    package var keepsTrail = true
    /// `nil`: the gateway is no part of traces.
    package var tracing: TracePolicy?

    package init() {}
}

/// Bounds on what one connection may take, in bytes and in time. There is no limit on how long a stream lasts.
package struct GatewayLimits: Sendable {
    package var head = HeadLimits()
    package var http2 = HTTP2Limits()
    /// How much of a body is read to find its `model`.
    package var modelScan = 8 << 20
    /// Requests up to this size are kept until the response begins, to be sent again where that is safe.
    package var replay = 64 << 10
    /// What is read ahead while a request waits, and of requests that follow on the same connection.
    package var readAhead = 64 << 10
    /// What waits for one revision.
    package var queue = QueueLimits()
    /// Copies of requests under way on one event loop, as shadow traffic.
    package var shadows = 64
    /// Idle connections to one endpoint, for each event loop.
    package var idleUpstreams = 256

    /// From a head's first byte to its last.
    package var headTime: Duration = .seconds(15)
    /// Between two requests of a connection.
    package var keepAlive: Duration = .seconds(75)
    /// Between two pieces of a request's body.
    package var bodyIdle: Duration = .seconds(60)
    /// How long it may take to find out whether a caller may call.
    package var authorization: Duration = .seconds(10)
    /// How long a request waits for a place at a replica, where its service does not say: `martlet.dev/max-wait`.
    package var activation: Duration = .seconds(600)
    /// After so much waiting, a caller that wants a stream gets its head.
    package var earlyStream: Duration = .seconds(2)
    /// Between two comments in a stream whose model has not started yet.
    package var comments: Duration = .seconds(5)
    package var connect: Duration = .seconds(5)
    /// How long an endpoint that cannot be connected to is tried again.
    package var unreachable: Duration = .seconds(10)
    /// From the end of the request to the first byte of the response.
    package var firstByte: Duration = .seconds(300)
    /// Between two pieces of a response.
    package var betweenBytes: Duration = .seconds(300)
    /// How long a connection that ends early may still send what is thrown away.
    package var linger: Duration = .seconds(5)
    /// Shorter than the servers' own limits (uvicorn's and llama.cpp's is 5 s), so that they seldom close first.
    package var upstreamIdle: Duration = .seconds(4)
    /// How exactly the times above are kept.
    package var tick: Duration = .milliseconds(500)

    package init() {}
}
