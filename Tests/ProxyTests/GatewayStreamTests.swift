import NIOCore
import Testing

@testable import Proxy

@Suite(.timeLimit(.minutes(1)))
struct GatewayStreamTests {
    private static let streamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test
    func `Each event is passed on as it comes`() async throws {
        let server = try await FakeModelServer.start()
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            client.post("/openai/v1/chat/completions", body: "{\"model\":\"m\",\"stream\":true}")
            let request = try await server.request()
            request.send(Self.streamHead)
            try await client.expect("\r\n\r\n")
            for number in 0..<5 {
                request.send("9\r\ndata: \(number)\n\n\r\n")
                try await client.expect("data: \(number)\n\n\r\n")
            }
            request.send("0\r\n\r\n")
            try await client.expect("0\r\n\r\n")
            try await eventually("it is counted") { gateway.traffic.first?.traffic.codes == [200: 1] }
        }
        try await server.stop()
    }

    @Test
    func `A request's body streams before the response, and a response before the request's end`() async throws {
        let server = try await FakeModelServer.start()
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            client.send("POST /serving/default/m/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            client.send("5\r\nhello\r\n")
            try await eventually("the server is connected") { server.connections == 1 }
            client.send("5\r\nworld\r\n0\r\nX-T: 1\r\n\r\n")
            let request = try await server.request()
            #expect(request.body == "5\r\nhello\r\n5\r\nworld\r\n0\r\nX-T: 1\r\n\r\n")
            request.send(FakeModelServer.ok())
            try await client.expect("\r\n\r\nok")
        }
        try await server.stop()
    }

    @Test(arguments: [
        // Between events: the error is an event of its own.
        ("9\r\ndata: 1\n\n\r\n", "data: 1\n\n\r\n", ""),
        // The event that was cut is ended first.
        ("7\r\ndata: 1\r\n", "data: 1\r\n", "\n\n"),
    ])
    func `An event stream that is cut ends in an error, and visibly`(
        sent: String, last: String, separator: String
    ) async throws {
        let server = try await FakeModelServer.start()
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            client.post("/openai/v1/chat/completions", body: "{\"model\":\"m\",\"stream\":true}")
            let request = try await server.request()
            request.send(Self.streamHead + sent)
            try await client.expect(last)
            request.close()
            try await client.expectClose()
            let event = separator + "data: \(GatewayError.cut.json)\n\n"
            #expect(client.text.hasSuffix("\(last)\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n"))
            try await eventually("it is counted") { gateway.traffic.first?.traffic.codes == [502: 1] }
        }
        try await server.stop()
    }

    @Test
    func `A body until the connection's end that is cut ends in a reset`() async throws {
        let server = try await FakeModelServer.start()
        try await withGateway(limits: { $0.tick = .milliseconds(10) }) { gateway, _ in
            gateway.serve([server], idle: .milliseconds(50))
            let client = try await RawClient.connect(to: gateway.port)
            client.get("/serving/default/m/x")
            try await server.request().send("HTTP/1.1 200 OK\r\n\r\nabc")
            try await client.expect("Connection: close\r\n\r\nabc")
            try await client.expectClose()
            #expect(client.wasReset)
            try await eventually("the server sees it") { server.closedConnections == 1 }
        }
        try await server.stop()
    }

    @Test
    func `A slow reader holds the model server back, and gets everything`() async throws {
        let size = 64 << 20
        let server = try await FakeModelServer.start()
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port, reads: false)
            client.get("/serving/default/m/x")
            let request = try await server.request()
            request.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            let piece = String(repeating: "x", count: 1 << 20)
            for _ in 0..<(size >> 20) { request.send(piece) }
            try await eventually("the server has to wait") { !request.channel.isWritable }
            try await client.startReading()
            try await eventually("all has come") { client.text.utf8.count > size }
            try await eventually("it is counted") { gateway.traffic.first?.traffic.codes == [200: 1] }
        }
        try await server.stop()
    }

    @Test
    func `A slow model server holds the client back, and gets everything`() async throws {
        let size = 64 << 20
        let server = try await FakeModelServer.start(reads: false) { _, _ in FakeModelServer.ok() }
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawClient.connect(to: gateway.port)
            client.send("POST /serving/default/m/x HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
            let piece = String(repeating: "x", count: 1 << 20)
            for _ in 0..<(size >> 20) { client.send(piece) }
            try await eventually("the client has to wait") { !client.isWritable }
            try await eventually("the server is connected") { server.connections == 1 }
            try await server.startReading()
            let request = try await server.request()
            #expect(request.body.utf8.count == size)
            try await client.expect("\r\n\r\nok")
        }
        try await server.stop()
    }
}
