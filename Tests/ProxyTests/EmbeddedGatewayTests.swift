import Activation
import NIOCore
import NIOEmbedded
import Testing

@testable import Proxy

struct EmbeddedGatewayTests {
    private static let get = "GET /x HTTP/1.1\r\nHost: m-default.localhost\r\n\r\n"

    private func makeGateway(limits: (inout GatewayLimits) -> Void = { _ in }, concurrency: Int = 0) -> EmbeddedGateway
    {
        let gateway = EmbeddedGateway(limits: limits)
        gateway.swap(.single(ports: [9_000], concurrency: concurrency))
        return gateway
    }

    @Test
    func `However the bytes are split, the same bytes come out`() throws {
        let body = "{\"a\":[1,2],\"model\":\"m\",\"b\":\"c\"}"
        let requests =
            "POST /openai/v1/completions HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            + "GET /serving/default/m/y HTTP/1.1\r\nHost: h\r\n\r\n"
        let responses = [
            "HTTP/1.1 103 Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-T: 1\r\n\r\n",
            "HTTP/1.1 404 No\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nnot",
        ]
        func run(requestSplit: Int, responseSplit: Int) throws -> (String, String) {
            let gateway = makeGateway()
            let client = try gateway.makeClient()
            try client.receive(requests.utf8.prefix(requestSplit))
            try client.receive(requests.utf8.dropFirst(requestSplit))
            let upstream = try gateway.accept()
            var (sentUp, sentDown) = (try upstream.sent(), "")
            for response in responses {
                try upstream.receive(response.utf8.prefix(responseSplit))
                try upstream.receive(response.utf8.dropFirst(responseSplit))
                sentDown += try client.sent()
                sentUp += try upstream.sent()
            }
            #expect(gateway.connector.attempts.count == 1)
            #expect(gateway.traffic?.traffic.codes == [200: 1, 404: 1])
            return (sentUp, sentDown)
        }
        let whole = try run(requestSplit: 0, responseSplit: 0)
        #expect(whole.0.hasPrefix("POST /v1/completions HTTP/1.1\r\nHost: h\r\n"))
        #expect(
            whole.1
                == "HTTP/1.1 103 Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-T: 1\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nnot"
        )
        for split in 0..<requests.utf8.count { #expect(try run(requestSplit: split, responseSplit: 0) == whole) }
        for split in 0..<120 { #expect(try run(requestSplit: 0, responseSplit: split) == whole) }
    }

    @Test
    func `A client that leaves while the server is connected to leaves the connection to the next one`() throws {
        let gateway = makeGateway()
        let first = try gateway.makeClient()
        try first.receive(Self.get)
        first.pipeline.fireChannelInactive()
        #expect(gateway.traffic?.concurrency.inFlight == 0)
        #expect(gateway.registry.inFlight(podUID: "pod-9000") == 0)
        let upstream = try gateway.accept()
        #expect(try upstream.sent().isEmpty)
        let second = try gateway.makeClient()
        try second.receive(Self.get)
        #expect(gateway.connector.attempts.count == 1)
        #expect(try upstream.sent().hasPrefix("GET /x HTTP/1.1\r\n"))
    }

    @Test
    func `A server that refuses is left out, and tried again after a pause`() throws {
        let gateway = makeGateway()
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        gateway.refuse()
        #expect(gateway.traffic?.waiting == 1)
        #expect(gateway.connector.attempts.count == 1)
        gateway.advance(.milliseconds(51))
        #expect(gateway.connector.attempts.count == 2)
        let upstream = try gateway.accept(1)
        try upstream.receive(FakeModelServer.ok())
        #expect(try client.sent().hasSuffix("\r\n\r\nok"))
    }

    @Test
    func `A server that refuses for ten seconds ends in 502`() throws {
        let gateway = makeGateway()
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        var attempt = 0
        for _ in 0..<40 {
            while attempt < gateway.connector.attempts.count {
                gateway.refuse(attempt)
                attempt += 1
            }
            gateway.advance(.milliseconds(500))
        }
        #expect(try client.sent().hasPrefix("HTTP/1.1 502 Bad Gateway\r\n"))
        #expect(10...20 ~= attempt, "it was tried \(attempt) times")
        #expect(gateway.traffic?.concurrency.inFlight == 0)
    }

    struct Limit: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var received: String
        var response: String?
        var seconds: Int
        var status: Int?
    }

    @Test(arguments: [
        Limit(testDescription: "an idle connection", received: "", seconds: 75),
        Limit(testDescription: "half a head", received: "GET / HT", seconds: 15, status: 408),
        Limit(
            testDescription: "half a body that is routed by its model",
            received: "POST /openai/v1/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{", seconds: 60,
            status: 408),
        Limit(
            testDescription: "half a body",
            received: "POST /x HTTP/1.1\r\nHost: m-default.localhost\r\nContent-Length: 9\r\n\r\n{", seconds: 60,
            status: 408),
        Limit(testDescription: "no first byte", received: get, seconds: 300, status: 504),
        Limit(
            testDescription: "half a head of a response", received: get, response: "HTTP/1.1 200", seconds: 300,
            status: 504),
        Limit(
            testDescription: "half a response", received: get,
            response: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na",
            seconds: 300),
    ])
    func `What does not go on is ended when its time is over, and not before`(limit: Limit) throws {
        let gateway = makeGateway()
        let client = try gateway.makeClient()
        if !limit.received.isEmpty { try client.receive(limit.received) }
        if !gateway.connector.attempts.isEmpty {
            let upstream = try gateway.accept()
            if let response = limit.response { try upstream.receive(response) }
        }
        let before = try client.sent()
        gateway.advance(.seconds(limit.seconds) - .milliseconds(501))
        #expect(client.isActive)
        #expect(try client.sent().isEmpty)
        gateway.advance(.seconds(1))
        if let status = limit.status {
            #expect(try client.sent().hasPrefix("HTTP/1.1 \(status) "))
            // It is closed, or idle for as long as it may be.
            gateway.advance(.seconds(76))
        } else {
            #expect(try client.sent().isEmpty, "after \(before)")
        }
        #expect(!client.isActive)
        #expect(gateway.worker.connections.isEmpty)
        #expect(gateway.traffic?.concurrency.inFlight == 0)
    }

    @Test
    func `Bytes that come in time keep a response alive for as long as it takes`() throws {
        let gateway = makeGateway()
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        let upstream = try gateway.accept()
        try upstream.receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<20 {
            gateway.advance(.seconds(290))
            try upstream.receive("1\r\na\r\n")
        }
        try upstream.receive("0\r\n\r\n")
        #expect(try client.sent().hasSuffix("1\r\na\r\n0\r\n\r\n"))
        #expect(client.isActive)
    }

    @Test
    func `A stream that stalls ends in an error event`() throws {
        let gateway = makeGateway()
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        try gateway.accept().receive("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
        gateway.advance(.seconds(301))
        #expect(try client.sent().hasSuffix("data: 1\n\ndata: \(GatewayError.stalled.json)\n\n"))
        #expect(!client.isActive)
    }

    @Test
    func `Idle connections to servers are closed before the servers do it`() throws {
        let gateway = makeGateway()
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        let upstream = try gateway.accept()
        try upstream.receive(FakeModelServer.ok())
        gateway.advance(.milliseconds(3_400))
        #expect(upstream.isActive)
        gateway.advance(.milliseconds(1_200))
        #expect(!upstream.isActive)
    }

    @Test
    func `Idle connections to a pod that is gone are closed at once`() throws {
        let gateway = makeGateway()
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        let upstream = try gateway.accept()
        try upstream.receive(FakeModelServer.ok())
        gateway.swap(.single(ports: []))
        #expect(!upstream.isActive)
    }

    @Test
    func `A server that speaks without being asked is not believed`() throws {
        let gateway = makeGateway()
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        let upstream = try gateway.accept()
        // The second response would be taken for the answer to the next request.
        try upstream.receive(FakeModelServer.ok() + FakeModelServer.ok("poison"))
        #expect(!upstream.isActive)
        #expect(try client.sent().hasSuffix("\r\n\r\nok"))
        try client.receive(Self.get)
        let second = try gateway.accept(1)
        try second.receive(FakeModelServer.ok())
        try second.receive("HTTP/1.1 200 OK\r\n")
        #expect(!second.isActive)
    }

    @Test
    func `A table change in mid-request changes nothing for it`() throws {
        let gateway = makeGateway()
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        let upstream = try gateway.accept()
        gateway.swap(.single(ports: []))
        try upstream.receive(FakeModelServer.ok())
        #expect(try client.sent().hasSuffix("\r\n\r\nok"))
        #expect(!upstream.isActive, "there is no pool for it any more")
    }

    @Test
    func `A revision that lost its endpoints before those who wait had their turn is woken again`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: []))
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        #expect(gateway.signal.count == 1)
        gateway.swap(.single(ports: []))
        #expect(gateway.signal.count == 1)
        // The pod came and went between two tables of this loop.
        _ = gateway.registry.prepare(.single(ports: [9_000]))
        gateway.swap(.single(ports: []))
        #expect(gateway.signal.count == 2)
    }
}
