import Activation
import JSONModel
import KubeModel
import NIOCore
import NIOEmbedded
import ServingAPI
import Testing

@testable import Proxy
@testable import Routing

struct GatewayWaitingTests {
    private static let early =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nX-Accel-Buffering: no\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n"
    private static let events =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    private static func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }

    private static func post(_ body: String, fields: String = "", version: String = "1.1") -> String {
        "POST /v1/chat/completions HTTP/\(version)\r\nHost: m-default.localhost\r\n\(fields)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static let streaming = post(#"{"model":"m","stream":true}"#)

    private static func asleep(_ change: (inout RoutedRevision) -> Void = { _ in }) -> RoutingTable {
        .single(ports: [], change: change)
    }

    /// A gateway whose only model sleeps, and a client that has sent `request`.
    private func start(
        _ request: String, _ change: (inout RoutedRevision) -> Void = { _ in }
    ) throws -> (EmbeddedGateway, EmbeddedChannel) {
        let gateway = EmbeddedGateway()
        gateway.swap(Self.asleep(change))
        let client = try gateway.makeClient()
        try client.receive(request)
        return (gateway, client)
    }

    @Test
    func `A caller that wants a stream gets comments while the model starts, and then its events`() throws {
        let (gateway, client) = try start(Self.streaming)
        gateway.advance(.milliseconds(1_900))
        #expect(try client.sent().isEmpty, "a start that is quick leaves no trace")
        gateway.advance(.milliseconds(600))
        #expect(try client.sent() == Self.early + Self.chunk(": asleep, waited 2 s\n\n"))
        gateway.advance(.seconds(5))
        #expect(try client.sent() == Self.chunk(": asleep, waited 7 s\n\n"))
        gateway.swap(.single(ports: [9_000]))
        let upstream = try gateway.accept()
        #expect(try upstream.sent().hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
        try upstream.receive(Self.events + Self.chunk("data: a\n\n") + Self.chunk("data: [DONE]\n\n") + "0\r\n\r\n")
        #expect(try client.sent() == Self.chunk("data: a\n\n") + Self.chunk("data: [DONE]\n\n") + "0\r\n\r\n")
        #expect(gateway.traffic?.traffic.codes == [200: 1])
        #expect(gateway.traffic?.traffic.completionTokens == 1)
        // The connection goes on.
        try client.receive("GET /x HTTP/1.1\r\nHost: m-default.localhost\r\n\r\n")
        #expect(try upstream.sent().hasPrefix("GET /x HTTP/1.1\r\n"))
        try upstream.receive(FakeModelServer.ok())
        #expect(try client.sent().hasSuffix("\r\n\r\nok"))
    }

    private static func start(_ reason: String, _ message: String = "") -> StartState {
        var pod = Object(.pods, namespace: "default", name: "p")
        pod["status", "containerStatuses"] = [
            ["state": ["waiting": ["reason": .string(reason), "message": .string(message)]]]
        ]
        return StartState(pods: [pod])
    }

    @Test
    func `Who waits for a revision that cannot start is told at once, and so is who comes then`() throws {
        let (gateway, client) = try start(Self.post(#"{"model":"m"}"#))
        gateway.swap(
            Self.asleep { $0.start = Self.start("CrashLoopBackOff", "back-off 10s restarting failed container") })
        #expect(try client.sent().isEmpty, "one failure is no reason: it is tried again soon")
        gateway.swap(
            Self.asleep { $0.start = Self.start("CrashLoopBackOff", "back-off 40s restarting failed container") })
        let answer = try client.sent()
        #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains("model_start_failed"))
        #expect(answer.contains("Retry-After: "))
        #expect(gateway.traffic?.concurrency.inFlight == 0)
        try client.receive(Self.post("{}"))
        #expect(try client.sent().contains("model_start_failed"))
        // It is there again when it starts anew.
        gateway.swap(.single(ports: [9_000]))
        try client.receive(Self.post("{}"))
        #expect(try gateway.accept().sent().hasPrefix("POST "))
    }

    @Test
    func `A stream that has begun to wait ends with the reason`() throws {
        let (gateway, client) = try start(Self.streaming)
        gateway.advance(.seconds(3))
        _ = try client.sent()
        gateway.swap(Self.asleep { $0.start = Self.start("InvalidImageName", "no such image") })
        #expect(try client.sent().contains("model_start_failed"))
    }

    @Test(arguments: [
        post(#"{"model":"m"}"#), post(#"{"stream":false}"#), "GET /x HTTP/1.1\r\nHost: m-default.localhost\r\n\r\n",
    ])
    func `A caller that wants no stream hears nothing until the answer`(request: String) throws {
        let (gateway, client) = try start(request)
        gateway.advance(.seconds(60))
        #expect(try client.sent().isEmpty)
        gateway.swap(.single(ports: [9_000]))
        try gateway.accept().receive(FakeModelServer.ok())
        #expect(try client.sent().hasPrefix("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"))
    }

    @Test
    func `Accept says that a stream is wanted, too, and a service can switch comments off`() throws {
        let request = Self.post("{}", fields: "Accept: application/json;q=0.5, text/event-stream\r\n")
        let (gateway, client) = try start(request)
        gateway.advance(.seconds(3))
        #expect(try client.sent().hasPrefix(Self.early))
        let (other, silent) = try start(request) { $0.sendsComments = false }
        other.advance(.seconds(60))
        #expect(try silent.sent().isEmpty)
    }

    @Test
    func `Who asks for progress gets it as events`() throws {
        let (gateway, client) = try start(Self.post("{}", fields: "Prefer: respond-async, progress\r\n")) {
            $0.loadTime = .seconds(30)
        }
        gateway.advance(.milliseconds(2_500))
        let event =
            "event: martlet.progress\ndata: {\"state\":\"asleep\",\"message\":\"\",\"expected_seconds\":28,"
            + "\"waited_seconds\":2}\n\n"
        #expect(try client.sent() == Self.early + Self.chunk(event))
    }

    @Test
    func `HTTP/1.0 gets comments without chunks, until the connection ends`() throws {
        let (gateway, client) = try start(Self.post(#"{"stream":true}"#, version: "1.0"))
        gateway.advance(.milliseconds(2_500))
        let head = try client.sent()
        #expect(head.hasSuffix("Connection: close\r\n\r\n: asleep, waited 2 s\n\n"))
        #expect(!head.contains("chunked"))
        gateway.swap(.single(ports: [9_000]))
        try gateway.accept().receive(Self.events + Self.chunk("data: a\n\n") + "0\r\n\r\n")
        #expect(try client.sent() == "data: a\n\n")
    }

    @Test
    func `A failure after the stream began is an error event and a cut`() throws {
        let (gateway, client) = try start(Self.streaming) { $0.maxWait = .seconds(20) }
        gateway.advance(.seconds(25))
        let sent = try client.sent()
        #expect(sent.hasPrefix(Self.early))
        #expect(sent.contains("data: {\"error\":{\"message\":\"Revision m-00001 had no ready pod for 20 s (asleep)."))
        #expect(!sent.hasSuffix("0\r\n\r\n"))
        #expect(!client.isActive)
        #expect(gateway.traffic?.waiting == 0)
        #expect(gateway.traffic?.concurrency.inFlight == 0)
        #expect(gateway.traffic?.traffic.codes == [503: 1])
    }

    @Test
    func `An error of the server after the stream began keeps its text, and ends in a cut`() throws {
        let (gateway, client) = try start(Self.streaming)
        gateway.advance(.seconds(3))
        _ = try client.sent()
        gateway.swap(.single(ports: [9_000]))
        let body = "{\"error\":\n{\"message\":\"too long\"}}"
        try gateway.accept().receive(
            "HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let expected =
            Self.chunk("data: ") + Self.chunk("{\"error\": {\"message\":\"too long\"}}") + Self.chunk("\n\n")
        #expect(try client.sent() == expected)
        #expect(!client.isActive)
        #expect(gateway.traffic?.traffic.codes == [400: 1])
    }

    @Test
    func `A server that is lost before it answers in a begun stream gets one more try, then an error event`() throws {
        let (gateway, client) = try start(Self.streaming)
        gateway.advance(.seconds(3))
        _ = try client.sent()
        gateway.swap(.single(ports: [9_000]))
        for attempt in 0..<2 {
            gateway.advance(.seconds(1))
            try gateway.accept(attempt).pipeline.fireChannelInactive()
        }
        #expect(try client.sent().contains("data: \(GatewayError.lost.json)\n\n"))
        #expect(!client.isActive)
    }

    @Test
    func `Others wait as long as their service says and get 503, when to come back, and why`() throws {
        let (gateway, client) = try start(Self.post("{}")) {
            $0.maxWait = .seconds(20)
            $0.loadTime = .seconds(90)
        }
        gateway.advance(.seconds(15))
        #expect(try client.sent().isEmpty)
        gateway.advance(.seconds(6))
        let sent = try client.sent()
        #expect(sent.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(sent.contains("\r\nRetry-After: 70\r\n"))
        #expect(sent.contains("\"code\":\"model_start_timeout\"},\"state\":\"asleep\""))
        #expect(sent.hasSuffix("\"expected_seconds\":70,\"waited_seconds\":20}"))
        #expect(gateway.traffic?.waiting == 0)
    }

    @Test(arguments: [("Prefer: wait=5\r\n", 5), ("Prefer: wait=500\r\n", 20), ("Prefer: wait=x\r\n", 20)])
    func `A caller may wait for less, not for more`(field: String, seconds: Int) throws {
        let (gateway, client) = try start(Self.post("{}", fields: field)) { $0.maxWait = .seconds(20) }
        gateway.advance(.seconds(seconds) - .milliseconds(600))
        #expect(try client.sent().isEmpty)
        gateway.advance(.milliseconds(1_200))
        #expect(try client.sent().hasPrefix("HTTP/1.1 503 "))
    }

    @Test
    func `A busy model says that it is busy`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: [9_000], concurrency: 1) { $0.maxWait = .seconds(3) })
        let clients = try (0..<2).map { _ in try gateway.makeClient() }
        for client in clients { try client.receive(Self.post("{}")) }
        gateway.advance(.seconds(4))
        #expect(try clients[1].sent().contains("\"code\":\"queue_timeout\"},\"state\":\"busy\""))
    }

    @Test
    func `A caller that leaves a begun stream gives up its place`() throws {
        let (gateway, client) = try start(Self.streaming)
        gateway.advance(.seconds(3))
        client.pipeline.fireChannelInactive()
        #expect(gateway.traffic?.waiting == 0)
        #expect(gateway.traffic?.traffic.codes == [499: 1])
    }
}
