import Activation
import KubeModel
import NIOCore
import NIOEmbedded
import Routing
import Testing

@testable import Proxy

/// HTTP/1.1's corners, on embedded channels.
struct GatewayProtocolTests {
    private let gateway: EmbeddedGateway
    private let client: EmbeddedChannel

    init() throws {
        gateway = EmbeddedGateway()
        gateway.swap(.single(ports: [9_000]))
        client = try gateway.makeClient()
    }

    private func head(_ method: String = "GET", _ path: String = "/x", version: String = "1.1", _ fields: String = "")
        -> String
    {
        "\(method) \(path) HTTP/\(version)\r\nHost: m-default.localhost\r\n\(fields)\r\n"
    }

    @Test
    func `Requests that follow at once are answered one after the other`() throws {
        try client.receive(
            head("GET", "/1") + head("GET", "/2") + "GET / HTTP/1.1\r\nHost: h\r\n\r\n" + head("GET", "/3"))
        let upstream = try gateway.accept()
        for number in 1...3 {
            let sent = try upstream.sent()
            #expect(sent.hasPrefix("GET /\(number) HTTP/1.1\r\n"))
            #expect(sent.split(separator: "GET /").count == 1, "one at a time")
            try upstream.receive(FakeModelServer.ok("\(number)"))
        }
        let answers = try client.sent()
        #expect(answers.contains("\r\n\r\n1HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2HTTP/1.1 404 Not Found\r\n"))
        #expect(answers.hasSuffix("\r\n\r\n3"))
    }

    @Test
    func `An HTTP 1.0 client gets a body without chunks, and the end of its connection`() throws {
        try client.receive(head(version: "1.0", "Connection: keep-alive\r\n"))
        let upstream = try gateway.accept()
        #expect(try upstream.sent().hasPrefix("GET /x HTTP/1.1\r\n"))
        try upstream.receive(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: T\r\n\r\n3;x\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n"
        )
        #expect(try client.sent() == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcde")
        gateway.advance(.seconds(6))
        #expect(!client.isActive)
    }

    @Test(arguments: [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"),
        ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\nETag: x\r\n\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
    ])
    func `A response without a body ends with its head`(method: String, response: String) throws {
        for attempt in 0..<2 {
            try client.receive(head(method))
            if attempt == 0 { _ = try gateway.accept() }
            #expect(gateway.connector.attempts.count == 1, "the connection is used again")
            let upstream = try #require(upstreams.last)
            try upstream.receive(response)
            #expect(try client.sent() == response)
        }
    }

    private var upstreams: [EmbeddedChannel] {
        gateway.connector.attempts.compactMap { $0.connection.embeddedChannel }
    }

    @Test
    func `A server's 100 Continue reaches the client that waits for it`() throws {
        try client.receive(head("POST", "/x", "Content-Length: 2\r\nExpect: 100-continue\r\n"))
        let upstream = try gateway.accept()
        #expect(try upstream.sent().contains("\r\nExpect: 100-continue\r\n"))
        try upstream.receive("HTTP/1.1 100 Continue\r\n\r\n")
        #expect(try client.sent() == "HTTP/1.1 100 Continue\r\n\r\n")
        try client.receive("hi")
        #expect(try upstream.sent() == "hi")
        try upstream.receive(FakeModelServer.ok())
        #expect(try client.sent().hasSuffix("\r\n\r\nok"))
    }

    @Test
    func `The gateway asks for a body that it has to route by`() throws {
        try client.receive(
            "POST /openai/v1/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 13\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.sent() == "HTTP/1.1 100 Continue\r\n\r\n")
        try client.receive("{\"model\":\"m\"}")
        let upstream = try gateway.accept()
        #expect(try !upstream.sent().contains("Expect"))
        try upstream.receive("HTTP/1.1 100 Continue\r\n\r\n" + FakeModelServer.ok())
        #expect(try client.sent() == FakeModelServer.ok())
    }

    @Test
    func `A client that did not ask for 100 Continue does not get it`() throws {
        try client.receive(head())
        try gateway.accept().receive("HTTP/1.1 100 Continue\r\n\r\n" + FakeModelServer.ok())
        #expect(try client.sent() == FakeModelServer.ok())
    }

    @Test
    func `A server that answers before the request has ended is passed on, and both connections end`() throws {
        try client.receive(head("POST", "/x", "Content-Length: 100\r\n") + "half")
        let upstream = try gateway.accept()
        try upstream.receive("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
        #expect(try client.sent() == "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
        #expect(!upstream.isActive)
        #expect(gateway.traffic?.traffic.codes == [413: 1])
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok", "hello\r\n\r\n",
        "HTTP/1.1 101 X\r\n\r\n",
    ])
    func `A response with two readings is a 502, and its connection is not used again`(response: String) throws {
        try client.receive(head())
        let upstream = try gateway.accept()
        try upstream.receive(response)
        #expect(try client.sent().hasPrefix("HTTP/1.1 502 Bad Gateway\r\n"))
        #expect(!upstream.isActive)
        try client.receive(head())
        #expect(gateway.connector.attempts.count == 2)
    }

    @Test
    func `A broken chunk in mid-response cuts it`() throws {
        try client.receive(head())
        let upstream = try gateway.accept()
        try upstream.receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")
        try upstream.receive("zz\r\n")
        #expect(try client.sent().hasSuffix("2\r\nab\r\n"))
        #expect(!client.isActive)
        #expect(!upstream.isActive)
    }

    @Test(arguments: [
        (
            "POST /x HTTP/1.1\r\nHost: m-default.localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400
        ),
        ("GET /x HTTP/1.1\r\nHost: m-default.localhost\r\nHost: x\r\n\r\n", 400),
        ("GET /../x HTTP/1.1\r\nHost: m-default.localhost\r\n\r\n", 400),
        ("GET /x HTTP/1.1\nHost: h\n\n", 400),
        ("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", 405),
        ("GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505),
        ("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 70_000))\r\n\r\n", 431),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        ("POST /x HTTP/1.1\r\nHost: m-default.localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    ])
    func `What cannot be understood is answered once, and nothing of it reaches a server`(request: String, status: Int)
        throws
    {
        try client.receive(request + head())
        let answer = try client.sent()
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(answer.split(separator: "HTTP/1.1 ").count <= 2, "what follows is not read")
        #expect(gateway.connector.attempts.isEmpty)
    }

    @Test(arguments: [
        ("POST", "/openai/v1/completions", "{}", 400, "it has no `model`"),
        ("POST", "/openai/v1/completions", "", 400, "it has no `model`"),
        ("POST", "/openai/v1/completions", "[]", 400, "not a JSON object"),
        ("POST", "/openai/v1/completions", "{\"model\":1}", 400, "`model` must be a string"),
        ("POST", "/openai/v1/completions", "{\"model\":\"m", 400, "ends in the middle"),
        ("POST", "/openai/v1/completions", "{\"model\":\"x\\n\\\"\"}", 404, "The model `x\\n\\\"` does not exist"),
        ("GET", "/openai/v1/completions", "", 405, "Only POST"),
        ("POST", "/openai/v1/models", "", 405, "Only GET"),
        ("GET", "/openai/v1/models/x", "", 404, "The model `x` does not exist"),
        ("GET", "/serving/default/x/y", "", 404, "There is no InferenceService `default/x`"),
        ("GET", "/", "", 404, "Nothing is served at / on host `h`"),
    ])
    func `A request that leads nowhere says what is wrong, and the connection lives on`(
        method: String, path: String, body: String, status: Int, message: String
    ) throws {
        let request = "\(method) \(path) HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        for _ in 0..<2 {
            try client.receive(request)
            let answer = try client.sent()
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains(message))
            #expect(!answer.contains("Connection: close"))
        }
        #expect(client.isActive)
        #expect(gateway.worker.counters.read().codes == [status: 2])
    }

    @Test
    func `A model that is not named in the first megabytes is not looked for further`() throws {
        let gateway = EmbeddedGateway { $0.modelScan = 1_000 }
        let client = try gateway.makeClient()
        try client.receive("POST /openai/v1/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 9999\r\n\r\n{\"a\":\"")
        try client.receive(String(repeating: "a", count: 500))
        #expect(try client.sent().isEmpty)
        try client.receive(String(repeating: "a", count: 900))
        #expect(try client.sent().hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
    }

    @Test
    func `A service that is not ready says why, and when to ask again`() throws {
        gateway.swap(.init(revisions: [], services: [.init(namespace: "default", name: "m"): []]))
        try client.receive(head())
        let answer = try client.sent()
        #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(answer.contains("\r\nRetry-After: 5\r\n"))
        #expect(answer.contains("InferenceService default/m cannot answer yet: it is not ready yet"))
    }

    @Test
    func `A WebSocket is passed through in both directions, and ends on both sides`() throws {
        try client.receive(
            head("GET", "/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: k\r\n") + "early")
        let upstream = try gateway.accept()
        let sent = try upstream.sent()
        #expect(sent.contains("Sec-WebSocket-Key: k\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"))
        try upstream.receive(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nhello")
        #expect(
            try client.sent()
                == "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello")
        #expect(try upstream.sent() == "early")
        try client.receive("\u{1}ping")
        #expect(try upstream.sent() == "\u{1}ping")
        try upstream.receive("\u{1}pong")
        #expect(try client.sent() == "\u{1}pong")
        gateway.advance(.seconds(10_000))
        #expect(client.isActive)
        #expect(gateway.traffic?.concurrency.inFlight == 1)
        client.pipeline.fireChannelInactive()
        #expect(!upstream.isActive)
        #expect(gateway.traffic?.traffic.codes == [101: 1])
    }

    @Test
    func `A server that refuses the upgrade is an ordinary server`() throws {
        try client.receive(head("GET", "/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\n"))
        try gateway.accept().receive(FakeModelServer.ok("no"))
        #expect(try client.sent() == FakeModelServer.ok("no"))
        try client.receive(head())
        #expect(gateway.connector.attempts.count == 1)
    }
}
