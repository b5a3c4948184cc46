import Activation
import NIOCore
import Testing

@testable import Proxy

/// A client that speaks HTTP/2 without TLS, by prior knowledge, and model servers that speak HTTP/1.1.
struct HTTP2ServerTests {
    typealias Frame = RawHTTP2Client.Frame

    private func serve(
        limits change: (inout GatewayLimits) -> Void = { _ in },
        answering respond: @escaping FakeModelServer.Responder = { _, _ in nil },
        _ body: (RawHTTP2Client, FakeModelServer, Gateway) async throws -> Void
    ) async throws {
        let server = try await FakeModelServer.start(respond)
        try await withGateway(limits: change) { gateway, _ in
            gateway.serve([server])
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            try await body(client, server, gateway)
            client.close()
        }
        try await server.stop()
    }

    @Test
    func `A request without a body reaches the server as HTTP 1.1, and the answer ends its stream`() async throws {
        try await serve(answering: { _, _ in FakeModelServer.ok("hello") }) { client, server, gateway in
            client.send(.headers(1, Frame.request + [("x-a", "1"), ("cookie", "a=1"), ("cookie", "b=2")]))
            let answer = try await client.complete()
            #expect(answer.fields == [[":status: 200", "content-length: 5"]])
            #expect(answer.body == "hello")
            let head = try await server.request().head
            #expect(head.hasPrefix("GET /x HTTP/1.1\r\nhost: m-default.localhost\r\nx-a: 1\r\ncookie: a=1; b=2\r\n"))
            #expect(!head.lowercased().contains("connection"))
            try await eventually("it is counted") { gateway.traffic.first?.traffic.codes == [200: 1] }
            #expect(gateway.traffic.first?.concurrency.inFlight == 0)
        }
    }

    @Test
    func `Requests on streams are answered side by side, in the order that their answers come`() async throws {
        try await serve { client, server, _ in
            for stream: UInt32 in [1, 3, 5] {
                client.send(.headers(stream, Frame.request.map { $0.0 == ":path" ? ($0.0, "/\(stream)") : $0 }))
            }
            _ = try await server.request(2)
            for stream: UInt32 in [5, 1, 3] {
                let request = try #require(server.requests.first { $0.head.hasPrefix("GET /\(stream) ") })
                request.send(FakeModelServer.ok("\(stream)"))
                try await client.complete(stream)
            }
            #expect([1, 3, 5].map { client.answer($0).body } == ["1", "3", "5"])
        }
    }

    @Test
    func `A body of unknown length goes on in chunks, with its trailers, and so does the answer's`() async throws {
        let response =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 7\r\n\r\n"
        try await serve(answering: { _, _ in response }) { client, server, _ in
            client.send(.headers(1, Frame.post, ends: false), .data(1, "he", ends: false), .data(1, "llo", ends: false))
            client.send(.headers(1, [("x-end", "1"), ("content-length", "9")]))
            let request = try await server.request()
            #expect(request.head.contains("\r\ntransfer-encoding: chunked\r\n"))
            #expect(request.body == "2\r\nhe\r\n3\r\nllo\r\n0\r\nx-end: 1\r\n\r\n")
            let answer = try await client.complete()
            #expect(answer.fields == [[":status: 200", "trailer: x-sum"], ["x-sum: 7"]])
            #expect(answer.body == "abcde")
        }
    }

    @Test
    func `A request is routed by the model that its body names`() async throws {
        try await serve(answering: { _, _ in FakeModelServer.ok() }) { client, server, _ in
            let path = [(":method", "POST"), (":scheme", "http"), (":path", "/openai/v1/completions")]
            let body = #"{"model":"m"}"#
            client.send(.headers(1, path + [(":authority", "any"), ("content-length", "13")], ends: false))
            client.send(.data(1, String(body.prefix(5)), ends: false), .data(1, String(body.dropFirst(5))))
            let answer1 = try await client.complete()
            #expect(answer1.body == "ok")
            let received2 = try await server.request()
            #expect(received2.body == body)
        }
    }

    @Test
    func `HEAD, 204 and 304 end with their fields`() async throws {
        try await serve(answering: { number, _ in
            number == 0
                ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" : "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"
        }) { client, _, _ in
            client.send(.headers(1, [(":method", "HEAD")] + Frame.request.dropFirst()))
            let answer3 = try await client.complete(1)
            #expect(answer3.fields == [[":status: 200", "content-length: 100"]])
            client.send(.headers(3))
            let answer4 = try await client.complete(3)
            #expect(answer4.fields == [[":status: 304", "etag: x"]])
        }
    }

    @Test
    func `A 100 Continue and a 103 come before the answer`() async throws {
        try await serve { client, server, _ in
            client.send(.headers(1, Frame.post + [("expect", "100-continue"), ("content-length", "2")], ends: false))
            try await eventually("the server is connected to") { server.connections == 1 }
            client.send(.data(1, "hi"))
            let request = try await server.request()
            request.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: a\r\n\r\n" + FakeModelServer.ok())
            let answer = try await client.complete()
            #expect(answer.fields.map(\.first) == [":status: 100", ":status: 103", ":status: 200"])
        }
    }

    @Test
    func `A client that takes its request back is gone, and the server's connection ends`() async throws {
        try await serve { client, server, gateway in
            client.send(.headers(1), .headers(3))
            _ = try await server.request(1)
            client.send(.reset(1))
            try await eventually("the server sees it") { server.closedConnections == 1 }
            try await eventually("it is counted") { gateway.traffic.first?.traffic.codes == [499: 1] }
            #expect(gateway.traffic.first?.concurrency.inFlight == 1, "the other request goes on")
            let other = try #require(server.requests.first { $0.channel.isActive })
            other.send(FakeModelServer.ok())
            try await client.complete(3)
        }
    }

    @Test
    func `An answer that breaks off is reset, never ended`() async throws {
        let response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
        try await serve(answering: { _, _ in response }) { client, server, gateway in
            client.send(.headers(1))
            try await eventually("it has begun") { client.answer().body == "abc" }
            server.requests[0].close()
            try await eventually("it is reset") { client.answer().resetCode != nil }
            #expect(client.answer().resetCode == 2, "INTERNAL_ERROR")
            #expect(!client.answer().isComplete)
            client.send(.ping())
            try await eventually("the connection goes on") { client.frames.contains { $0.type == 6 } }
        }
    }

    @Test
    func `An event stream that breaks off ends in an error event and a reset`() async throws {
        let response =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\n"
        try await serve(answering: { _, _ in response }) { client, server, _ in
            client.send(.headers(1))
            try await eventually("it has begun") { client.answer().body == "data: a\n\n" }
            server.requests[0].close()
            try await eventually("it is reset") { client.answer().resetCode != nil }
            #expect(client.answer().body.contains(#"data: {"error":{"#))
            #expect(!client.answer().isComplete)
        }
    }

    @Test
    func `An answer until the connection's end is ended by it`() async throws {
        try await serve(answering: { _, _ in "HTTP/1.1 200 OK\r\n\r\nall" }) { client, server, _ in
            client.send(.headers(1))
            try await eventually("it has begun") { client.answer().body == "all" }
            server.requests[0].close()
            try await client.complete()
        }
    }

    @Test
    func `An answer before the request's end is whole, and the rest of the request is refused`() async throws {
        try await serve { client, server, gateway in
            client.send(.headers(1, Frame.post, ends: false), .data(1, "half", ends: false))
            try await eventually("the server is connected to") { server.connections == 1 }
            server.answerNow("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
            let answer = try await client.complete()
            #expect(answer.status == "413" && answer.body == "no")
            try await eventually("the rest is not wanted") { client.answer().resetCode == 0 }
            #expect(gateway.traffic.first?.traffic.codes == [413: 1])
        }
    }

    @Test
    func `What the gateway answers itself ends its stream`() async throws {
        try await serve { client, _, _ in
            client.send(.headers(1, [(":method", "GET"), (":scheme", "http"), (":path", "/y"), (":authority", "no")]))
            let answer = try await client.complete()
            #expect(answer.status == "404" && answer.body.contains("not_found"))
            #expect(answer.fields[0].allSatisfy { !$0.hasPrefix("connection") })
            client.send(.headers(3, [(":method", "CONNECT"), (":authority", "a:1")]))
            let answer5 = try await client.complete(3)
            #expect(answer5.status == "405")
        }
    }

    @Test
    func `A window that is not opened holds the answer back, and the server too`() async throws {
        let size = 8 << 20
        let server = try await FakeModelServer.start()
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawHTTP2Client.connect(to: gateway.port, settings: [(4, 10)])
            client.send(.headers(1))
            let request = try await server.request()
            request.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n" + String(repeating: "x", count: size))
            try await eventually("the window is full") { client.answer().body.utf8.count == 10 }
            try await eventually("the server is held back") { !request.channel.isWritable }
            #expect(client.answer().body.utf8.count == 10)
            client.send(.window(1, 0x7000_0000), .window(0, 0x7000_0000))
            let answer6 = try await client.complete()
            #expect(answer6.body.utf8.count == size)
        }
        try await server.stop()
    }

    @Test
    func `A server that does not read holds the request back`() async throws {
        let server = try await FakeModelServer.start(reads: false)
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1, Frame.post, ends: false))
            let piece = String(repeating: "x", count: 16_384)
            var sent = 0
            // As much as the windows let through, as they are opened.
            func window(_ stream: UInt32, _ initial: Int) -> Int {
                client.frames.filter { $0.type == 8 && $0.stream == stream }
                    .reduce(initial) { $0 + Int(UInt32(bytes: $1.payload)) }
            }
            var quiet = 0
            while sent < 24 << 20, quiet < 250 {
                if sent + piece.utf8.count <= min(window(1, 128 << 10), window(0, 65_535)) {
                    client.send(.data(1, piece, ends: false))
                    sent += piece.utf8.count
                    quiet = 0
                } else {
                    quiet += 1
                    try await Task.sleep(for: .milliseconds(2))
                }
            }
            #expect(sent < 24 << 20, "\(sent) bytes went through to a server that reads none")
            #expect(client.goAway == nil)
        }
        try await server.stop()
    }

    @Test
    func `A gateway that stops says GOAWAY, and answers what it has`() async throws {
        let server = try await FakeModelServer.start()
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1))
            let request = try await server.request()
            async let stopped: Void = gateway.shutdown(grace: .seconds(5))
            try await eventually("it says so") { client.goAway != nil }
            #expect(client.goAway?.lastStream == 1 && client.goAway?.code == 0)
            request.send(FakeModelServer.ok())
            try await client.complete()
            await stopped
            try await eventually("it closes") { client.isClosed }
        }
        try await server.stop()
    }

    @Test
    func `A connection without streams is closed after a while`() async throws {
        try await serve(limits: { ($0.keepAlive, $0.tick) = (.milliseconds(500), .milliseconds(10)) }) { client, _, _ in
            try await eventually("it closes") { client.isClosed }
            #expect(client.goAway?.code == 0)
        }
    }

    @Test
    func `A client that opens and takes back streams by the thousand is told to calm down`() async throws {
        try await serve(limits: { $0.http2.resets = 100 }) { client, _, gateway in
            for number in 0..<400 { client.send(.headers(UInt32(2 * number + 1)), .reset(UInt32(2 * number + 1))) }
            try await eventually("it closes") { client.isClosed }
            #expect(client.goAway?.code == 11, "ENHANCE_YOUR_CALM")
            try await eventually("nothing is left") { gateway.traffic.first?.concurrency.inFlight == 0 }
        }
    }
}

extension FakeModelServer {
    /// On the first connection, whatever has come there.
    func answerNow(_ text: String) { firstConnection?.writeAndFlush(ByteBuffer(string: text), promise: nil) }
}
