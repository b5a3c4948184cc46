import Testing

@testable import HTTPFraming

struct ResponseParserTests {
    struct Example: CustomTestStringConvertible {
        var text: String
        var isToHead = false
        var status = 200
        var framing = BodyFraming.untilClose
        var keepsAlive = false
        var testDescription: String { text.debugDescription }
    }

    @Test(arguments: [
        Example(text: "HTTP/1.1 200 OK\r\n\r\n"),
        Example(text: "HTTP/1.1 200 \r\n\r\n"),
        Example(text: "HTTP/1.1 200\r\n\r\n"),
        Example(text: "HTTP/1.1 599 What \u{E9}ver\r\n\r\n", status: 599),
        Example(text: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", framing: .length(3), keepsAlive: true),
        Example(text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", framing: .none, keepsAlive: true),
        Example(text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", framing: .chunked, keepsAlive: true),
        Example(text: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\n", framing: .length(3)),
        Example(text: "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n", framing: .length(3)),
        Example(
            text: "HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n", framing: .length(3),
            keepsAlive: true),
        Example(
            text: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", isToHead: true, framing: .none, keepsAlive: true),
        Example(text: "HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\n", status: 204, framing: .none, keepsAlive: true),
        Example(text: "HTTP/1.1 304 No\r\nContent-Length: 3\r\n\r\n", status: 304, framing: .none, keepsAlive: true),
        Example(text: "HTTP/1.1 100 Continue\r\n\r\n", status: 100, framing: .none, keepsAlive: true),
        Example(
            text: "HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", status: 101, framing: .none,
            keepsAlive: true),
    ])
    func `A response that has one reading is read`(example: Example) throws {
        let bytes = Array(example.text.utf8)
        for split in bytes.indices {
            var parser = ResponseParser()
            let part = Array(bytes[..<split])
            #expect(try !parser.parse(part.span, isToHead: example.isToHead))
            #expect(try parser.parse(bytes.span, isToHead: example.isToHead))
            #expect(parser.head.status == example.status)
            #expect(parser.head.framing == example.framing)
            #expect(parser.head.keepsAlive == example.keepsAlive)
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\nContent-Length: 3\r\n\r\n", FramingError.bareLineFeed),
        ("HTTP/2 200 OK\r\n\r\n", .malformedStartLine),
        ("http/1.1 200 OK\r\n\r\n", .malformedStartLine),
        ("HTTP/1.1  200 OK\r\n\r\n", .malformedStatus),
        ("HTTP/1.1 20 OK\r\n\r\n", .malformedStatus),
        ("HTTP/1.1 2000 OK\r\n\r\n", .malformedStatus),
        ("HTTP/1.1 099 OK\r\n\r\n", .malformedStatus),
        ("HTTP/1.1 600 OK\r\n\r\n", .malformedStatus),
        ("HTTP/1.7 200 OK\r\n\r\n", .unsupportedVersion),
        ("HTTP/1.1 200 O\u{0}K\r\n\r\n", .controlCharacter),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n", .duplicateContentLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", .lengthAndEncoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .unsupportedTransferEncoding),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .unsupportedTransferEncoding),
    ])
    func `A response that could be read in two ways is an error`(text: String, error: FramingError) {
        let bytes = Array(text.utf8)
        #expect(throws: error) {
            var parser = ResponseParser()
            _ = try parser.parse(bytes.span, isToHead: false)
        }
    }

    @Test
    func `What concerns only the server's connection is not passed on`() throws {
        let bytes = Array(
            "HTTP/1.0 200 Fine\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nContent-Type: text/event-stream; x\r\nProxy-X: 1\r\n\r\n"
                .utf8)
        var parser = ResponseParser()
        #expect(try parser.parse(bytes.span, isToHead: false))
        #expect(parser.head.kind == .events)
        var rewriter = ResponseRewriter()
        rewriter.closes = true
        rewriter.waited = 1_234
        let head = written(capacity: ResponseRewriter().capacity(length: bytes.count)) { output in
            rewriter.write(parser, of: bytes.span, to: &output)
        }
        #expect(
            head
                == "HTTP/1.1 200 Fine\r\nContent-Type: text/event-stream; x\r\nConnection: close\r\nServer-Timing: wait;dur=1234\r\n\r\n"
        )
    }

    @Test
    func `A response without a body does not announce one`() throws {
        let bytes = Array("HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\nX: 1\r\n\r\n".utf8)
        var parser = ResponseParser()
        #expect(try parser.parse(bytes.span, isToHead: false))
        let head = written(capacity: ResponseRewriter().capacity(length: bytes.count)) { output in
            ResponseRewriter().write(parser, of: bytes.span, to: &output)
        }
        #expect(head == "HTTP/1.1 204 No\r\nX: 1\r\n\r\n")
    }
}
