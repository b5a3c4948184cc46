import NIOEmbedded
import ServingAPI
import Synchronization
import Testing

@testable import Proxy
@testable import Routing

/// The log of requests, as the gateway writes it.
struct RequestLogTests {
    private final class Lines: RequestLog {
        let all = Mutex<[String]>([])
        func write(_ line: String) { all.withLock { $0.append(line) } }
    }

    private static let template =
        "{{.Request.Method}} {{js .Request.RequestURI}} {{.Request.Host}} {{.Request.RemoteAddr}} {{.Request.UserAgent}} "
        + "{{.Request.ContentLength}} {{index .Request.Header \"X-A\"}} {{.TraceID}} {{.Response.Code}} {{.Response.Size}} "
        + "{{.Response.Latency}} {{.Revision.Name}} {{.Revision.PodIP}}"

    private func start(_ request: String) throws -> (EmbeddedGateway, EmbeddedChannel, Lines) {
        let lines = Lines()
        let gateway = EmbeddedGateway(requestLog: lines)
        var table = RoutingTable.single(ports: [9_000])
        table.requestLog = try RequestLogTemplate(Self.template)
        gateway.swap(table)
        let client = try gateway.makeClient()
        try client.receive(request)
        return (gateway, client, lines)
    }

    private static let request =
        "POST /x?a=\"b HTTP/1.1\r\nHost: m-default.localhost:80\r\nUser-Agent: curl\r\nX-A: 1\r\nx-a: 2\r\n"
        + "traceparent: 00-abc-def-01\r\nContent-Length: 2\r\n\r\n{}"

    @Test func `A line is written when a request has ended`() throws {
        let (gateway, client, lines) = try start(Self.request.replacing("\"b", with: "b"))
        let server = try gateway.accept()
        gateway.advance(.milliseconds(1_500))
        try server.receive(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        #expect(lines.all.withLock { $0 }.isEmpty)
        try server.receive("2\r\nde\r\n0\r\n\r\n")
        _ = try client.sent()
        #expect(
            lines.all.withLock { $0 } == [
                "POST /x?a\\u003Db m-default.localhost:80 10.0.0.1 curl 2 [1 2] abc 200 5 1.5 m-00001 127.0.0.1\n"
            ])
    }

    @Test func `A caller that leaves is logged as gone`() throws {
        let (gateway, client, lines) = try start(Self.request.replacing("\"b", with: "b"))
        _ = try gateway.accept()
        _ = try client.finish(acceptAlreadyClosed: true)
        #expect(lines.all.withLock { $0 }.first?.contains(" 499 ") == true)
    }
}
