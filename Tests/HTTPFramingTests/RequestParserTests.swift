import Testing

@testable import HTTPFraming

struct RequestParserTests {
    struct Accepted: CustomTestStringConvertible {
        var text: String
        var path = "/"
        var query = ""
        var host = "h"
        var framing = BodyFraming.none
        var keepsAlive = true
        var testDescription: String { text.debugDescription }
    }

    static let accepted: [Accepted] = [
        Accepted(text: "GET / HTTP/1.1\r\nHost: h\r\n\r\n"),
        Accepted(text: "GET /a/b?c=d?e HTTP/1.1\r\nhost:h\r\n\r\n", path: "/a/b", query: "?c=d?e"),
        Accepted(text: "GET / HTTP/1.1\r\nHOST: \t h:8080 \t\r\n\r\n"),
        Accepted(text: "GET / HTTP/1.1\r\nHost: h.\r\n\r\n"),
        Accepted(text: "GET / HTTP/1.1\r\nHost: h.:80\r\n\r\n"),
        Accepted(text: "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", host: "[::1]"),
        Accepted(text: "GET / HTTP/1.1\r\nHost: a_b.c-d\r\n\r\n", host: "a_b.c-d"),
        Accepted(text: "GET http://h/a HTTP/1.1\r\nHost: H\r\n\r\n", path: "/a", host: "H"),
        Accepted(text: "GET HTTPS://h?q HTTP/1.1\r\nHost: h\r\n\r\n", path: "", query: "?q"),
        Accepted(text: "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", path: ""),
        Accepted(text: "M-SEARCH / HTTP/1.1\r\nHost: h\r\n\r\n"),
        Accepted(text: "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n", framing: .length(5)),
        Accepted(text: "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"),
        Accepted(text: "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 007\r\n\r\n", framing: .length(7)),
        Accepted(text: "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n", framing: .chunked),
        Accepted(text: "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", keepsAlive: false),
        Accepted(text: "GET / HTTP/1.1\r\nHost: h\r\nConnection: x, , close\r\n\r\n", keepsAlive: false),
        Accepted(text: "GET / HTTP/1.0\r\n\r\n", host: "", keepsAlive: false),
        Accepted(text: "GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n", keepsAlive: false),
        Accepted(text: "GET / HTTP/1.1\r\nHost: h\r\nX: \u{E9}\r\nEmpty:\r\n\r\n"),
        Accepted(text: "GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n"),
        // A look-alike is no Content-Length; it is not passed on.
        Accepted(text: "GET / HTTP/1.1\r\nHost: h\r\nContent_Length: 5\r\n\r\n"),
    ]

    @Test(arguments: accepted)
    func `A request that has one reading is read`(example: Accepted) {
        let bytes = Array(example.text.utf8)
        let expected = ParsedRequest(
            path: example.path, query: example.query, host: example.host, framing: example.framing,
            keepsAlive: example.keepsAlive, length: bytes.count)
        #expect(parseRequest(bytes) == .success(expected))
        #expect(
            parseRequest(bytes + Array("POST / HT\n\n".utf8)) == .success(expected), "what follows is not looked at")
        for end in bytes.indices {
            #expect(parseRequest(Array(bytes[..<end])) == .success(nil), "incomplete at \(end)")
        }
        for split in bytes.indices {
            #expect(parseRequest(bytes, givenIn: [split, bytes.count]) == .success(expected), "split at \(split)")
        }
        #expect(parseRequest(bytes, givenIn: Array(1...bytes.count)) == .success(expected), "byte by byte")
    }

    /// With what was published of request smuggling: CL.TE, TE.CL, TE.TE, obfuscated fields, bare line ends.
    static let rejected: [(String, FramingError)] = [
        ("GET / HTTP/1.1\nHost: h\r\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: h\n\r\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: h\r\n\n", .bareLineFeed),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", .controlCharacter),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", .controlCharacter),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: a\u{7F}\r\n\r\n", .controlCharacter),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: \u{B}chunked\r\n\r\n", .controlCharacter),
        ("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", .emptyStartLine),
        ("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET / HTTP/1.1 \r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET /\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET / http/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET / HTTP/1.11\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", .malformedStartLine),
        ("GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n", .malformedMethod),
        ("get / HTTP/1.1\r\nHost: h\r\n\r\n", .malformedMethod),
        (" GET / HTTP/1.1\r\nHost: h\r\n\r\n", .malformedMethod),
        ("GET: / HTTP/1.1\r\nHost: h\r\n\r\n", .malformedMethod),
        ("\(String(repeating: "A", count: 33)) / HTTP/1.1\r\nHost: h\r\n\r\n", .malformedMethod),
        ("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", .unsupportedMethod),
        ("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n", .unsupportedMethod),
        ("PRI * HTTP/2.0\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/1.2\r\nHost: h\r\n\r\n", .unsupportedVersion),
        ("GET / HTTP/0.9\r\nHost: h\r\n\r\n", .unsupportedVersion),
        ("GET a HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET * HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET http:///a HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET /a\\b HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET /\u{E9} HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET /\u{1} HTTP/1.1\r\nHost: h\r\n\r\n", .malformedTarget),
        ("GET / HTTP/1.1\r\n Host: h\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", .foldedField),
        ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length\t: 5\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost: h\r\n: a\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost: h\r\nX\0: a\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding\u{B}: chunked\r\n\r\n", .malformedFieldName),
        ("GET / HTTP/1.1\r\n\r\n", .missingHost),
        ("GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", .duplicateHost),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: .\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: h, g\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: h/a\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: h:8a\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: h:123456\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: :80\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .malformedHost),
        ("GET / HTTP/1.1\r\nHost: []\r\n\r\n", .malformedHost),
        ("GET http://g/ HTTP/1.1\r\nHost: h\r\n\r\n", .hostMismatch),
        ("GET http://h:81/ HTTP/1.1\r\nHost: h\r\n\r\n", .hostMismatch),
        ("GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n", .hostMismatch),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", .duplicateContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", .duplicateContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x5\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5 5\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1e3\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999999999999999\r\n\r\n", .malformedContentLength),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", .lengthAndEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", .lengthAndEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n", .unsupportedTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n", .unsupportedTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n", .unsupportedTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n\r\n", .unsupportedTransferEncoding),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", .unsupportedTransferEncoding),
        (
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
            .unsupportedTransferEncoding
        ),
        (
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            .unsupportedTransferEncoding
        ),
        ("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", .unsupportedTransferEncoding),
        ("GET / HTTP/1.1\r\nHost: h\r\nConnection: content-length\r\n\r\n", .malformedConnection),
        ("GET / HTTP/1.1\r\nHost: h\r\nConnection: Transfer-Encoding\r\n\r\n", .malformedConnection),
        ("GET / HTTP/1.1\r\nHost: h\r\nConnection: host\r\n\r\n", .malformedConnection),
        ("GET / HTTP/1.1\r\nHost: h\r\nConnection: a b\r\n\r\n", .malformedConnection),
        ("POST / HTTP/1.1\r\nHost: h\r\nExpect: 200-ok\r\n\r\n", .unsupportedExpectation),
    ]

    @Test(arguments: rejected)
    func `What could be read in two ways is an error, however it is split`(text: String, error: FramingError) {
        let bytes = Array(text.utf8)
        #expect(parseRequest(bytes) == .failure(error))
        for split in bytes.indices {
            #expect(parseRequest(bytes, givenIn: [split, bytes.count]) == .failure(error), "split at \(split)")
        }
        #expect(parseRequest(bytes, givenIn: Array(1...bytes.count)) == .failure(error), "byte by byte")
    }

    @Test
    func `A head is bounded in bytes and in fields`() {
        let start = "GET / HTTP/1.1\r\nHost: h\r\n"
        let fields = String(repeating: "X: 1\r\n", count: 127)
        #expect((try? parseRequest(Array((start + fields + "\r\n").utf8)).get()) != nil)
        #expect(parseRequest(Array((start + fields + "Y: 1\r\n\r\n").utf8)) == .failure(.tooManyFields))
        let room = 65_536 - start.utf8.count - "X: \r\n\r\n".utf8.count
        let largest = Array((start + "X: \(String(repeating: "a", count: room))\r\n\r\n").utf8)
        #expect((try? parseRequest(largest).get()) != nil)
        let larger = Array((start + "X: \(String(repeating: "a", count: room + 1))\r\n\r\n").utf8)
        #expect(parseRequest(larger) == .failure(.headTooLarge))
        #expect(parseRequest(Array(repeating: UInt8(ascii: "A"), count: 65_537)) == .failure(.headTooLarge))
        #expect(FramingError.headTooLarge.status == 431)
    }

    @Test
    func `The parser serves one request after the other`() throws {
        var parser = RequestParser()
        let first = Array("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n".utf8)
        #expect(try parser.parse(first.span))
        #expect(parser.head.expectsContinue)
        parser.reset()
        let second = Array("GET /b HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        #expect(try parser.parse(second.span))
        #expect(!parser.head.expectsContinue)
        #expect(parser.head.framing == .none)
        #expect(parser.fields.count == 1)
    }

    @Test(arguments: [
        ("Upgrade: websocket\r\nConnection: Upgrade\r\n", true),
        ("Upgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\n", true),
        ("Upgrade: websocket\r\n", false),
        ("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n", false),
        ("Upgrade: websocket, h2c\r\nConnection: Upgrade\r\n", false),
        ("Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 1\r\n", false),
    ])
    func `Only a WebSocket handshake is an upgrade`(fields: String, isUpgrade: Bool) throws {
        var parser = RequestParser()
        let bytes = Array("GET / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n".utf8)
        #expect(try parser.parse(bytes.span))
        #expect(parser.head.upgradesToWebSocket == isUpgrade)
    }
}
