import HTTPFraming
import NIOCore
import NIOHTTP2

/// Bounds on what one HTTP/2 connection may ask for. Requests on its streams have the limits that all have.
package struct HTTP2Limits: Sendable {
    /// Requests at once on one connection.
    package var streams = 128
    /// What a client may send of a body before it is read: with `streams`, the most that a connection can have held.
    package var streamWindow = 128 << 10
    package var connectionWindow = 1 << 20
    /// Streams that a client may open and take back within 30 s: CVE-2023-44487.
    package var resets = 1_000
    /// PING, SETTINGS and PRIORITY frames within 30 s. gRPC measures round trips by PING, several times a second.
    package var controlFrames = 10_000

    /// How long a connection to a model server is kept without a request.
    package var idleSession: Duration = .seconds(60)

    package init() {}

    private var connection: NIOHTTP2Handler.ConnectionConfiguration {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.targetWindowSize = connectionWindow
        connection.controlFrameRateLimit.maximumCount = controlFrames
        return connection
    }

    private var stream: NIOHTTP2Handler.StreamConfiguration {
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = streamWindow
        stream.outboundBufferSizeHighWatermark = 64 << 10
        stream.outboundBufferSizeLowWatermark = 32 << 10
        stream.streamResetFrameRateLimit.maximumCount = resets
        stream.streamErrorRateLimit.maximumCount = resets
        return stream
    }

    private func settings(_ head: HeadLimits) -> HTTP2Settings {
        [
            HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
            HTTP2Setting(parameter: .maxHeaderListSize, value: head.byteCount),
        ]
    }

    /// For the connections of clients.
    func server(_ head: HeadLimits) -> NIOHTTP2Handler.Configuration {
        var connection = connection
        connection.initialSettings =
            settings(head) + [HTTP2Setting(parameter: .maxConcurrentStreams, value: streams)]
        return NIOHTTP2Handler.Configuration(connection: connection, stream: stream)
    }

    /// For the connections to model servers.
    func client(_ head: HeadLimits) -> NIOHTTP2Handler.Configuration {
        var connection = connection
        connection.initialSettings = settings(head) + [HTTP2Setting(parameter: .enablePush, value: 0)]
        return NIOHTTP2Handler.Configuration(connection: connection, stream: stream)
    }
}
