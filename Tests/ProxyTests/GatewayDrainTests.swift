import Activation
import NIOCore
import NIOEmbedded
import Routing
import Testing

@testable import Proxy

struct GatewayDrainTests {
    private static let get = "GET /x HTTP/1.1\r\nHost: m-default.localhost\r\n\r\n"
    private static let events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n"

    private func start(
        _ request: String = get, timeout: Duration? = nil
    ) throws -> (EmbeddedGateway, EmbeddedChannel, EmbeddedChannel) {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: [9_000]) { $0.totalTimeout = timeout })
        let client = try gateway.makeClient()
        try client.receive(request)
        return (gateway, client, try gateway.accept())
    }

    private func cut(_ gateway: EmbeddedGateway) {
        gateway.worker.cut(gateway.registry.retire(podUID: "pod-9000"))
    }

    @Test
    func `A stream that outlasts its pod's time ends in an error event, and its place is free`() throws {
        let (gateway, client, upstream) = try start()
        try upstream.receive(Self.events)
        cut(gateway)
        #expect(try client.sent().hasSuffix("data: 1\n\ndata: \(GatewayError.replicaStopped.json)\n\n"))
        #expect(!client.isActive)
        #expect(!upstream.isActive, "before the server is signalled its connection is closed")
        #expect(gateway.registry.inFlight(podUID: "pod-9000") == 0)
        #expect(gateway.traffic?.traffic.cuts == 1)
    }

    @Test
    func `A request that has no answer yet gets 503`() throws {
        let (gateway, client, upstream) = try start()
        cut(gateway)
        #expect(try client.sent().hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(!upstream.isActive)
        #expect(gateway.registry.inFlight(podUID: "pod-9000") == 0)
    }

    @Test
    func `A tunnel counts as under way until it ends, and is closed`() throws {
        let (gateway, client, upstream) = try start(
            "GET /x HTTP/1.1\r\nHost: m-default.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        try upstream.receive("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        #expect(gateway.registry.inFlight(podUID: "pod-9000") == 1)
        cut(gateway)
        #expect(gateway.registry.inFlight(podUID: "pod-9000") == 0)
        #expect(!upstream.isActive)
        _ = client
    }

    @Test
    func `Requests at other pods, and those that wait, are left alone`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: [9_000], concurrency: 1))
        let clients = try (0..<2).map { _ in try gateway.makeClient() }
        for client in clients { try client.receive(Self.get) }
        let upstream = try gateway.accept()
        gateway.worker.cut(gateway.registry.retire(podUID: "another"))
        #expect(upstream.isActive)
        cut(gateway)
        #expect(try clients[1].sent().isEmpty)
        #expect(gateway.traffic?.waiting == 1)
    }

    @Test
    func `A gateway that stops says so to those who wait and to those who are answered`() throws {
        let (gateway, client, upstream) = try start()
        try upstream.receive(Self.events)
        gateway.swap(.single(ports: []))
        let waiting = try gateway.makeClient()
        try waiting.receive(Self.get)
        gateway.worker.cutAll()
        #expect(try client.sent().hasSuffix("data: \(GatewayError.shuttingDown.json)\n\n"))
        #expect(try waiting.sent().hasPrefix("HTTP/1.1 503 "))
        #expect(gateway.traffic?.waiting == 0)
    }

    @Test
    func `timeoutSeconds ends an answer however fast it comes, and a stream visibly`() throws {
        let (gateway, client, upstream) = try start(timeout: .seconds(10))
        try upstream.receive(Self.events)
        for _ in 0..<9 {
            gateway.advance(.seconds(1))
            try upstream.receive("data: 1\n\n")
        }
        #expect(client.isActive)
        gateway.advance(.milliseconds(1_600))
        #expect(try client.sent().hasSuffix("data: \(GatewayError.overTime(.seconds(10)).json)\n\n"))
        #expect(!client.isActive)
    }

    @Test
    func `timeoutSeconds without an answer is 504, and waiting for a replica does not count`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(.single(ports: []))
        let client = try gateway.makeClient()
        try client.receive(Self.get)
        gateway.advance(.seconds(60))
        gateway.swap(.single(ports: [9_000]) { $0.totalTimeout = .seconds(10) })
        _ = try gateway.accept()
        gateway.advance(.seconds(9))
        #expect(try client.sent().isEmpty)
        gateway.advance(.seconds(2))
        #expect(try client.sent().hasPrefix("HTTP/1.1 504 Gateway Timeout\r\n"))
    }
}
