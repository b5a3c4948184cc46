import Activation
import NIOCore
import NIOEmbedded
import Testing

@testable import Proxy

/// A caller may leave at any moment: its place in the queue and at the server is free at once, and the server sees it.
struct GatewayLeavingTests {
    struct Moment: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var request: String
        /// Whether there is a replica.
        var isUp = true
        /// The attempt to connect succeeds, and the server has said so much.
        var response: String?
        /// Waiting before the caller leaves.
        var seconds = 0
    }

    private static let get = "GET /x HTTP/1.1\r\nHost: m-default.localhost\r\n\r\n"
    private static let post =
        "POST /x HTTP/1.1\r\nHost: m-default.localhost\r\nContent-Length: 16\r\n\r\n{\"stream\": true}"
    private static let half = "POST /x HTTP/1.1\r\nHost: m-default.localhost\r\nContent-Length: 99\r\n\r\n{"
    private static let byModel = "POST /openai/v1/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\n{"
    private static let upgrade =
        "GET /x HTTP/1.1\r\nHost: m-default.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    private static let events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

    static let moments = [
        Moment(testDescription: "half a head", request: "GET /x HT"),
        Moment(testDescription: "before the body has named its model", request: byModel),
        Moment(testDescription: "waiting for a model", request: get, isUp: false),
        Moment(testDescription: "waiting, and reading comments", request: post, isUp: false, seconds: 3),
        Moment(testDescription: "while the server is connected to", request: get),
        Moment(testDescription: "half of the request sent", request: half, response: ""),
        Moment(testDescription: "before the answer", request: get, response: ""),
        Moment(testDescription: "in the answer's head", request: get, response: "HTTP/1.1 200"),
        Moment(
            testDescription: "in the answer", request: get,
            response: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na"),
        Moment(testDescription: "in a stream", request: get, response: events + "data: 1\n\n"),
        Moment(
            testDescription: "in a tunnel", request: upgrade,
            response: "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
    ]

    @Test(arguments: moments)
    func `Nothing is left of a caller that leaves`(moment: Moment) throws {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: moment.isUp ? [9_000] : [], concurrency: 1))
        let client = try gateway.makeClient()
        try client.receive(moment.request)
        var upstream: EmbeddedChannel?
        if let response = moment.response {
            upstream = try gateway.accept()
            if !response.isEmpty { try upstream?.receive(response) }
        }
        gateway.advance(.seconds(moment.seconds))
        client.pipeline.fireChannelInactive()
        #expect(upstream?.isActive != true, "the server sees it")
        #expect(gateway.traffic?.waiting == 0)
        #expect(gateway.traffic?.bytesWaiting == 0)
        #expect(gateway.traffic?.concurrency.inFlight == 0)
        #expect(gateway.registry.inFlight(podUID: "pod-9000") == 0)
        #expect(gateway.worker.connections.isEmpty)
        // The one place that there is is free for the next.
        guard moment.isUp else { return }
        let next = try gateway.makeClient()
        try next.receive(Self.get)
        #expect(gateway.registry.inFlight(podUID: "pod-9000") == 1)
    }
}
