import Testing

@testable import HTTPFraming

struct RequestRewriterTests {
    private static let forwarded =
        "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: http\r\n"
        + "Forwarded: for=10.0.0.1;host=\"h:80\";proto=http\r\nX-Forwarded-Host: h:80\r\n\r\n"

    @Test
    func `The received fields are passed on as they are, in their order`() throws {
        let head = try rewritten(
            Array("POST /a?b HTTP/1.1\r\nHost: h:80\r\nx-A:1\r\nCookie:  c \r\nContent-Length: 2\r\n\r\n".utf8))
        #expect(
            head == "POST /a?b HTTP/1.1\r\nHost: h:80\r\nx-A:1\r\nCookie:  c \r\nContent-Length: 2\r\n" + Self.forwarded
        )
    }

    @Test(arguments: [
        "Connection: keep-alive", "Connection: X-Hop\r\nX-Hop: 1\r\nx-hop: 2", "Keep-Alive: timeout=5",
        "Proxy-Connection: x", "Proxy-Authorization: x", "TE: gzip", "TE: trailers", "Upgrade: h2c",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA", "K-Original-Host: x",
        "k-network-probe: queue", "K_Original_Host: x", "Knative-Serving-Revision: x", "knative-serving-tag: x",
        "X-Gateway-Model: x", "x-envoy-original-path: /", "X-Forwarded-Client-Cert: x", "X-Forwarded-Proto: https",
        "X-Forwarded-Host: evil", "Content_Length: 5", "Transfer_Encoding: chunked",
        "Connection: X-Forwarded-For\r\nX-Forwarded-For: 1.2.3.4",
    ])
    func `Fields of one connection and of the platform itself are taken out`(fields: String) throws {
        let head = try rewritten(Array("GET / HTTP/1.1\r\nA: 1\r\n\(fields)\r\nHost: h:80\r\nB: 1\r\n\r\n".utf8))
        #expect(head == "GET / HTTP/1.1\r\nA: 1\r\nHost: h:80\r\nB: 1\r\n" + Self.forwarded)
    }

    @Test
    func `The client is appended to those who forwarded before`() throws {
        let head = try rewritten(
            Array(
                "GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: a\r\nX-Forwarded-For: b\r\nForwarded: for=a\r\n\r\n".utf8
            ),
            client: "::1")
        #expect(head.contains("\r\nX-Forwarded-For: a, b, ::1\r\n"))
        #expect(head.contains("\r\nForwarded: for=a, for=\"[::1]\";host=\"h\";proto=http\r\n"))
    }

    @Test(arguments: [
        ("GET http://h:80/a?q HTTP/1.1\r\nHost: h:80\r\n\r\n", "GET /a?q HTTP/1.1\r\nHost: h:80\r\n"),
        ("GET http://h:80?q HTTP/1.1\r\nHost: h:80\r\n\r\n", "GET /?q HTTP/1.1\r\nHost: h:80\r\n"),
        ("GET http://h:80/ HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: h:80\r\n"),
        ("OPTIONS * HTTP/1.1\r\nHost: h:80\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: h:80\r\n"),
    ])
    func `The server gets a target in origin form and a Host`(request: String, expected: String) throws {
        #expect(try rewritten(Array(request.utf8)) == expected + Self.forwarded)
    }

    @Test
    func `HTTP 1.0 without a host is given one`() throws {
        let head = try rewritten(Array("GET / HTTP/1.0\r\n\r\n".utf8))
        #expect(head.hasPrefix("GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.0.0.1\r\n"))
        #expect(!head.contains("X-Forwarded-Host"))
    }

    @Test
    func `A path that was cut off its prefix begins with a slash`() throws {
        let bytes = Array("GET /serving/a/b?q HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        #expect(try rewritten(bytes, path: "").hasPrefix("GET /?q HTTP/1.1\r\n"))
        #expect(try rewritten(bytes, path: "/x").hasPrefix("GET /x?q HTTP/1.1\r\n"))
    }

    @Test
    func `A WebSocket handshake, trailers and an expectation are passed on`() throws {
        let upgrade =
            "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: k\r\n\r\n"
        let head = try rewritten(Array(upgrade.utf8))
        #expect(head.contains("\r\nSec-WebSocket-Key: k\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"))
        let trailers = Array("GET / HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nConnection: TE\r\n\r\n".utf8)
        #expect(try rewritten(trailers).contains("\r\nTE: trailers\r\nConnection: TE\r\n"))
        let expect = Array("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n".utf8)
        #expect(try rewritten(expect).contains("Expect: 100-continue"))
        #expect(try !rewritten(expect, passesExpectation: false).contains("Expect"))
    }

    @Test
    func `The largest head fits the room that is made for it`() throws {
        let forwarded = "Forwarded: \(String(repeating: "a", count: 30_000))\r\n"
        let bytes = Array("GET / HTTP/1.1\r\nHost: \(String(repeating: "h", count: 10_000))\r\n\(forwarded)\r\n".utf8)
        #expect(try rewritten(bytes).utf8.count > 60_000)
    }
}
