import KubeModel
import NIOEmbedded
import Testing

@testable import Proxy
@testable import Routing

@Suite("Requests one by one")
struct GatewayRequestsTests {
    private static let request =
        "POST /v1/chat?key=secret HTTP/1.1\r\nHost: m-default.localhost\r\nContent-Length: 2\r\n\r\n{}"
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private static func table(records: Bool = false) -> RoutingTable {
        var table = RoutingTable.single(ports: [9_000])
        table.revisions[0].recordsBodies = records
        return table
    }

    @Test func `A request is in flight from its head to its end`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(Self.table())
        let client = try gateway.makeClient()
        #expect(gateway.worker.requestsInFlight.isEmpty)
        try client.receive(Self.request)
        let server = try gateway.accept()
        gateway.advance(.seconds(3))
        let running = try #require(gateway.worker.requestsInFlight.first)
        #expect(running.state == .running)
        #expect(running.age == .seconds(3))
        #expect(running.subject.method == "POST")
        #expect(running.subject.path == "/v1/chat")
        #expect(running.subject.caller == "10.0.0.1")
        #expect(running.subject.revision?.name == "m-00001")
        try server.receive("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        try server.receive("9\r\ndata: a\n\n\r\n")
        #expect(gateway.worker.requestsInFlight.map(\.state) == [.streaming])
        #expect(gateway.worker.requestsInFlight.map(\.tokens) == [1])
        try server.receive("0\r\n\r\n")
        #expect(gateway.worker.requestsInFlight.isEmpty)
    }

    @Test func `A request that waits says what for`() throws {
        let gateway = EmbeddedGateway()
        var table = Self.table()
        table.revisions[0].endpoints = []
        gateway.swap(table)
        let client = try gateway.makeClient()
        try client.receive(Self.request)
        #expect(gateway.worker.requestsInFlight.map(\.state) == [.waking])
        #expect(gateway.worker.cancel(gateway.worker.requestsInFlight[0].id.number))
        #expect(try client.sent().contains("request_cancelled"))
        #expect(!gateway.worker.cancel(1))
    }

    @Test func `A stream that is cancelled is cut visibly`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(Self.table())
        let client = try gateway.makeClient()
        try client.receive(Self.request)
        let server = try gateway.accept()
        try server.receive("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        try server.receive("9\r\ndata: a\n\n\r\n")
        #expect(gateway.worker.cancel(1))
        let sent = try client.sent()
        #expect(sent.contains("request_cancelled"))
        #expect(!sent.contains("0\r\n\r\n"))
        #expect(!server.isActive)
        #expect(gateway.worker.takeEnded().ended.map(\.status) == [503])
    }

    @Test func `What has ended is told once, with its times and tokens`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(Self.table())
        let client = try gateway.makeClient()
        try client.receive(Self.request)
        let server = try gateway.accept()
        gateway.advance(.milliseconds(200))
        try server.receive(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 54\r\n\r\n"
                + #"{"usage":{"prompt_tokens":3,"completion_tokens":4} }  "#)
        _ = try client.sent()
        gateway.advance(.milliseconds(800))
        let (ended, lost) = gateway.worker.takeEnded()
        let request = try #require(ended.first)
        #expect(lost == 0 && ended.count == 1)
        #expect(request.status == 200)
        #expect(request.duration == .milliseconds(200))
        #expect(request.age == .seconds(1))
        #expect((request.promptTokens, request.completionTokens) == (3, 4))
        #expect(request.bodies == nil)
        #expect(gateway.worker.takeEnded().ended.isEmpty)
    }

    @Test func `Bodies are kept where a service wants it`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(Self.table(records: true))
        let client = try gateway.makeClient()
        try client.receive(
            "POST / HTTP/1.1\r\nHost: m-default.localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        let server = try gateway.accept()
        try client.receive("2\r\nde\r\n0\r\n\r\n")
        try server.receive(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
        let bodies = try #require(gateway.worker.takeEnded().ended.first?.bodies)
        #expect(String(decoding: bodies.request, as: UTF8.self) == "abcde")
        #expect(String(decoding: bodies.response, as: UTF8.self) == "ok")
        #expect(!bodies.isCut)
    }

    @Test func `When more end than there are places, the oldest give way`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(Self.table())
        let client = try gateway.makeClient()
        for _ in 0..<1_100 { try client.receive("GET /nowhere HTTP/1.1\r\nHost: other.example\r\n\r\n") }
        let (ended, lost) = gateway.worker.takeEnded()
        #expect(ended.count == 1_024 && lost == 76)
        #expect(ended.first?.id.number == 77)
        #expect(ended.first?.subject.path == "/nowhere")
    }

    @Test func `Without tracing the caller's context passes unchanged and is known`() throws {
        let gateway = EmbeddedGateway()
        gateway.swap(Self.table())
        let server = try send(through: gateway)
        #expect(try server.sent().contains("traceparent: \(Self.parent)\r\n"))
        #expect(gateway.worker.requestsInFlight.first?.subject.trace == "0af7651916cd43dd8448eb211c80319c")
    }

    @Test func `With tracing the server's parent is the gateway's span`() throws {
        let gateway = EmbeddedGateway(tracing: TracePolicy(share: 0))
        gateway.swap(Self.table())
        let server = try send(through: gateway)
        let sent = try server.sent()
        #expect(sent.contains("traceparent: 00-0af7651916cd43dd8448eb211c80319c-"))
        #expect(!sent.contains("b7ad6b7169203331"))
        #expect(sent.ranges(of: "traceparent").count == 1)
        try server.receive("HTTP/1.1 204 No Content\r\n\r\n")
        let trace = try #require(gateway.worker.takeEnded().ended.first?.trace)
        #expect(trace.parent == 0xb7ad_6b71_6920_3331)
        #expect(trace.isSampled)
    }

    private func send(through gateway: EmbeddedGateway) throws -> EmbeddedChannel {
        let client = try gateway.makeClient()
        try client.receive("GET / HTTP/1.1\r\nHost: m-default.localhost\r\ntraceparent: \(Self.parent)\r\n\r\n")
        return try gateway.accept()
    }
}
