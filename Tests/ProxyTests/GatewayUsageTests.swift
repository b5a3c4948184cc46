import NIOCore
import NIOEmbedded
import Testing

@testable import Proxy

struct GatewayUsageTests {
    private static let get = "GET /x HTTP/1.1\r\nHost: m-default.localhost\r\n\r\n"
    private static let events =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    private static func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }

    private func run(_ body: (EmbeddedGateway, EmbeddedChannel, EmbeddedChannel) throws -> Void) throws
        -> TrafficReading
    {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: [9_000]))
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        gateway.advance(.milliseconds(100))
        let upstream = try gateway.accept()
        try body(gateway, client, upstream)
        return try #require(gateway.traffic).traffic
    }

    @Test
    func `Of a stream, the time to the first event and the tokens after it are counted`() throws {
        let traffic = try run { gateway, _, upstream in
            gateway.advance(.milliseconds(200))
            try upstream.receive(Self.events)
            gateway.advance(.milliseconds(200))
            try upstream.receive(Self.chunk("data: a\n") + Self.chunk("\n"))
            gateway.advance(.seconds(2))
            try upstream.receive(Self.chunk("data: b\n\ndata: c\n\n") + Self.chunk("data: [DONE]\n\n") + "0\r\n\r\n")
        }
        #expect(traffic.firstToken.count == 1)
        #expect(traffic.firstToken.sum == 400, "what came before the request was sent is not the server's time")
        #expect(traffic.completionTokens == 3)
        #expect(traffic.promptTokens == 0)
        #expect(traffic.generationSeconds == 2)
        #expect(traffic.cuts == 0)
    }

    @Test
    func `Of an answer in JSON, the server's own counts are taken`() throws {
        let body = #"{"usage":{"prompt_tokens":5,"completion_tokens":40}}"#
        let traffic = try run { gateway, _, upstream in
            gateway.advance(.seconds(4))
            try upstream.receive(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
        }
        #expect(traffic.firstToken.count == 1)
        #expect(traffic.promptTokens == 5)
        #expect(traffic.completionTokens == 40)
        #expect(traffic.generationSeconds == 4)
    }

    @Test
    func `An error has no tokens`() throws {
        let body = #"{"usage":{"completion_tokens":40}}"#
        let traffic = try run { _, _, upstream in
            try upstream.receive(
                "HTTP/1.1 400 No\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
        }
        #expect(traffic.firstToken.count == 0)
        #expect(traffic.completionTokens == 0)
    }

    @Test
    func `A stream that the server cuts is counted, and so are its tokens`() throws {
        let traffic = try run { _, _, upstream in
            try upstream.receive(Self.events + Self.chunk("data: a\n\n"))
            upstream.pipeline.fireChannelInactive()
        }
        #expect(traffic.cuts == 1)
        #expect(traffic.completionTokens == 1)
    }

    @Test
    func `A stream that the client leaves is not cut`() throws {
        let traffic = try run { _, client, upstream in
            try upstream.receive(Self.events + Self.chunk("data: a\n\n"))
            client.pipeline.fireChannelInactive()
        }
        #expect(traffic.cuts == 0)
        #expect(traffic.codes == [499: 1])
        #expect(traffic.completionTokens == 1)
    }
}
