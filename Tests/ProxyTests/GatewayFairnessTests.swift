import Activation
import NIOCore
import NIOEmbedded
import Testing

@testable import Proxy

struct GatewayFairnessTests {
    private func ask(_ gateway: EmbeddedGateway, _ path: String, as key: String?) throws -> EmbeddedChannel {
        let client = try gateway.makeClient()
        let field = key.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        try client.receive("GET /\(path) HTTP/1.1\r\nHost: m-default.localhost\r\n\(field)\r\n")
        return client
    }

    /// - Returns: The paths in the order in which the server got them.
    private func serve(_ gateway: EmbeddedGateway, _ count: Int) throws -> [Substring] {
        let upstream = try gateway.accept()
        return try (0..<count).map { _ in
            let request = try upstream.sent()
            try upstream.receive(FakeModelServer.ok())
            return request.dropFirst("GET /".count).prefix { $0 != " " }
        }
    }

    @Test
    func `Callers are served in turn, whoever asked first and however often`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: [9_000], concurrency: 1))
        var clients = try (0..<4).map { try ask(gateway, "a\($0)", as: "ann") }
        clients.append(try ask(gateway, "b0", as: "bob"))
        clients.append(try ask(gateway, "none", as: nil))
        clients.append(try ask(gateway, "b1", as: "bob"))
        #expect(gateway.traffic?.waiting == 6)
        #expect(try serve(gateway, 7) == ["a0", "a1", "b0", "none", "a2", "b1", "a3"])
        for client in clients { #expect(try client.sent().hasSuffix("ok")) }
    }

    @Test
    func `What waits may hold so many bytes and no more`() throws {
        let gateway = EmbeddedGateway { $0.queue.bytes = 1_000 }
        gateway.swap(.single(ports: []))
        func post(_ size: Int) throws -> EmbeddedChannel {
            let client = try gateway.makeClient()
            let body = String(repeating: "x", count: size)
            try client.receive(
                "POST /x HTTP/1.1\r\nHost: m-default.localhost\r\nContent-Length: \(size)\r\n\r\n\(body)")
            return client
        }
        let first = try post(300)
        let held = try #require(gateway.traffic?.bytesWaiting)
        #expect(300...700 ~= held)
        let second = try post(700)
        #expect(try second.sent().hasPrefix("HTTP/1.1 503 "))
        first.pipeline.fireChannelInactive()
        #expect(gateway.traffic?.bytesWaiting == 0)
        #expect(try post(700).sent().isEmpty, "there is room again")
    }
}
