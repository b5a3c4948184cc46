import Activation
import NIOCore
import NIOHTTP2
import Routing
import Testing

@testable import Proxy

/// Model servers that speak HTTP/2 without TLS, and clients of both protocols.
struct HTTP2UpstreamTests {
    typealias Frame = RawHTTP2Client.Frame

    private static let call =
        [(":method", "POST"), (":scheme", "http"), (":path", "/s.S/Call"), (":authority", Frame.host)]
        + [("content-type", "application/grpc"), ("te", "trailers")]

    private func serve(
        limits change: (inout GatewayLimits) -> Void = { _ in }, settings: HTTP2Settings = nioDefaultSettings,
        concurrency: Int = 0, _ body: (Gateway, FakeHTTP2Server) async throws -> Void
    ) async throws {
        let server = try await FakeHTTP2Server.start(settings: settings)
        try await withGateway(limits: change) { gateway, _ in
            gateway.swap(.speakingHTTP2(at: server.port, concurrency: concurrency))
            try await body(gateway, server)
        }
        try await server.stop()
    }

    @Test
    func `A call of gRPC passes both ways, message by message, with its trailers`() async throws {
        try await serve { gateway, server in
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1, Self.call + [("x-key-bin", "AAE")], ends: false), .data(1, "one", ends: false))
            try await eventually("the first message is there") { server.requests.first?.body == "one" }
            let request = try await server.request(whole: false)
            #expect(request.fields.starts(with: [":method: POST", ":scheme: http", ":authority: \(Frame.host)"]))
            #expect(request.fields.contains(":path: /s.S/Call") && request.fields.contains("te: trailers"))
            #expect(request.fields.contains("x-key-bin: AAE"))
            #expect(!request.fields.contains { $0.hasPrefix("connection") || $0.hasPrefix("transfer-encoding") })
            request.send(.fields([(":status", "200"), ("content-type", "application/grpc")]), .text("eins"))
            try await eventually("the first answer is there") { client.answer().body == "eins" }
            client.send(.data(1, "two", ends: true))
            let received1 = try await server.request()
            #expect(received1.body == "onetwo")
            request.send(.text("zwei"), .fields([("grpc-status", "0"), ("grpc-message", "")], ends: true))
            let answer = try await client.complete()
            #expect(answer.body == "einszwei")
            #expect(answer.fields.last == ["grpc-status: 0", "grpc-message: "])
            try await eventually("it is counted") { gateway.traffic.first?.traffic.codes == [200: 1] }
        }
    }

    @Test
    func `An answer of trailers only stays one block of fields`() async throws {
        try await serve { gateway, server in
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1, Self.call, ends: false), .data(1, "one"))
            let fields = [(":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "5")]
            try await server.request().send(.fields(fields, ends: true))
            let answer2 = try await client.complete()
            #expect(
                answer2.fields == [
                    [":status: 200", "content-type: application/grpc", "grpc-status: 5"]
                ])
        }
    }

    @Test
    func `A client of HTTP 1.1 gets chunks and trailers, on a connection that it keeps`() async throws {
        try await serve { gateway, server in
            let client = try await RawClient.connect(to: gateway.port)
            for number in 0..<2 {
                client.post("/x", host: Frame.host, body: "hello")
                let request = try await server.request(number)
                #expect(request.body == "hello" && request.fields.contains("content-length: 5"))
                request.send(.fields([(":status", "200")]), .text("ab"), .fields([("x-sum", "7")], ends: true))
                try await eventually("the answer ends") {
                    client.text.components(of: "x-sum: 7\r\n\r\n") == number + 1
                }
            }
            #expect(client.text.hasPrefix("HTTP/1.1 200 \r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n"))
            #expect(server.connections.count == 1)
        }
    }

    @Test
    func `HEAD and lengths are kept`() async throws {
        try await serve { gateway, server in
            let client = try await RawClient.connect(to: gateway.port)
            client.send("HEAD / HTTP/1.1\r\nHost: \(Frame.host)\r\n\r\n")
            try await server.request(0).send(.fields([(":status", "200"), ("content-length", "9")], ends: true))
            try await client.expect("HTTP/1.1 200 \r\ncontent-length: 9\r\n\r\n")
            client.get("/", host: Frame.host)
            let request = try await server.request(1)
            request.send(.fields([(":status", "200"), ("content-length", "2")]), .text("ok", ends: true))
            try await client.expect("HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\nok")
            client.get("/", host: Frame.host)
            try await server.request(2).send(.fields([(":status", "204")], ends: true))
            try await client.expect("HTTP/1.1 204 \r\n\r\n")
        }
    }

    @Test
    func `A call that its client takes back is taken back at the server`() async throws {
        try await serve(concurrency: 1) { gateway, server in
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1, Self.call, ends: false), .data(1, "one"))
            _ = try await server.request()
            client.send(.headers(3, Self.call, ends: false), .data(3, "two"))
            client.send(.reset(1))
            try await eventually("the server sees it") { server.requests[0].isGone }
            // Its place is free again.
            let received3 = try await server.request(1)
            #expect(received3.body == "two")
            #expect(server.connections.count == 1, "only the stream has ended")
        }
    }

    @Test
    func `A server that breaks off ends the call with a status, not as if it were whole`() async throws {
        try await serve { gateway, server in
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1, Self.call, ends: false), .data(1, "one"))
            let request = try await server.request()
            request.send(.fields([(":status", "200"), ("content-type", "application/grpc")]), .text("eins"))
            try await eventually("the first answer is there") { client.answer().body == "eins" }
            request.send(.rstStream(.internalError))
            let answer = try await client.complete()
            #expect(answer.fields.last?.first == "grpc-status: 14")
            #expect(answer.fields.last?.last?.contains("in the middle of its answer") == true)
            try await eventually("it is counted") { gateway.traffic.first?.traffic.codes == [502: 1] }
        }
    }

    @Test
    func `A stream that the server refuses is sent again, one that it resets is not`() async throws {
        try await serve { gateway, server in
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1, Self.call, ends: false), .data(1, "one"))
            try await server.request().send(.rstStream(.refusedStream))
            try await server.request(1).send(.rstStream(.internalError))
            let answer = try await client.complete()
            #expect(answer.fields.last?.contains("grpc-status: 14") == true)
            #expect(server.requests.count == 2)
        }
    }

    @Test
    func `A server that says GOAWAY gets the next request on another connection`() async throws {
        try await serve { gateway, server in
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1, Self.call, ends: false), .data(1, "one"))
            let first = try await server.request()
            server.connections[0].writeAndFlush(
                HTTP2Frame(
                    streamID: .rootStream, payload: .goAway(lastStreamID: 1, errorCode: .noError, opaqueData: nil)),
                promise: nil)
            first.send(.fields([(":status", "200")]), .text("ok"))
            try await eventually("it has answered") { client.answer().body == "ok" }
            client.send(.headers(3, Self.call, ends: false), .data(3, "two"))
            let second = try await server.request(1)
            #expect(server.connections.count == 2)
            first.send(.text("", ends: true))
            second.send(.fields([(":status", "200")]), .text("ok", ends: true))
            try await client.complete(1)
            try await client.complete(3)
            try await eventually("the first connection ends") { !server.connections[0].isActive }
        }
    }

    @Test
    func `More requests than a server takes at once on a connection get another one`() async throws {
        let settings = [HTTP2Setting(parameter: .maxConcurrentStreams, value: 2)]
        try await serve(settings: settings) { gateway, server in
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1, Self.call, ends: false), .data(1, "one"))
            _ = try await server.request()
            for stream: UInt32 in [3, 5, 7] {
                client.send(.headers(stream, Self.call, ends: false), .data(stream, "x"))
            }
            _ = try await server.request(3)
            #expect(server.connections.count == 2)
        }
    }

    @Test
    func `A pod with a port for gRPC gets it there, and the rest on the other port`() async throws {
        let rest = try await FakeModelServer.start { _, _ in FakeModelServer.ok("rest") }
        try await serve { gateway, server in
            gateway.swap(
                .single(ports: [rest.port]) { revision in revision.endpoints[0].grpcPort = server.port })
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1), .headers(3, Self.call, ends: false), .data(3, "one"))
            let answer4 = try await client.complete(1)
            #expect(answer4.body == "rest")
            try await server.request().send(.fields([(":status", "200")]), .text("grpc", ends: true))
            let answer5 = try await client.complete(3)
            #expect(answer5.body == "grpc")
        }
        try await rest.stop()
    }

    @Test(arguments: [(404, 12), (503, 14), (400, 13), (401, 16), (403, 7), (429, 14), (504, 14), (418, 2)])
    func `A status of HTTP has the one of gRPC that its clients would make of it`(status: Int, code: Int) {
        #expect(GRPCStatus(status, message: "").code == code)
    }

    @Test
    func `What the gateway refuses is a status to a caller of gRPC`() async throws {
        try await serve { gateway, _ in
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            let unknown = Self.call.map { $0.0 == ":authority" ? ($0.0, "nobody") : $0 }
            client.send(.headers(1, unknown, ends: false), .data(1, "one"))
            let answer = try await client.complete()
            #expect(answer.fields.count == 1 && answer.body.isEmpty)
            #expect(answer.fields[0].starts(with: [":status: 200", "content-type: application/grpc"]))
            #expect(answer.fields[0].contains("grpc-status: 12"))
            #expect(GRPCStatus.encoded("50 %: ä\n") == "50 %25: %C3%A4%0A")
        }
    }

    @Test
    func `A call waits for a model that sleeps, and hears nothing of it`() async throws {
        try await serve(limits: { $0.earlyStream = .milliseconds(10) }) { gateway, server in
            gateway.swap(.single(ports: []))
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(.headers(1, Self.call, ends: false), .data(1, "one"))
            try await eventually("it waits") { gateway.traffic.first?.waiting == 1 }
            gateway.swap(.speakingHTTP2(at: server.port))
            let request = try await server.request()
            #expect(request.body == "one" && client.answer().fields.isEmpty)
            request.send(.fields([(":status", "200")]), .fields([("grpc-status", "0")], ends: true))
            let answer6 = try await client.complete()
            #expect(answer6.fields.last == ["grpc-status: 0"])
        }
    }
}

extension RoutingTable {
    static func speakingHTTP2(at port: Int, concurrency: Int = 0) -> RoutingTable {
        .single(ports: [port], concurrency: concurrency) { revision in
            for index in revision.endpoints.indices { revision.endpoints[index].portProtocol = .h2c }
        }
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        split(separator: part, omittingEmptySubsequences: false).count - 1
    }
}
