import Testing

@testable import Proxy

/// What RFC 9113 and RFC 7541 say that a server must not take, section by section, against the real listener. The list
/// follows h2spec's.
struct HTTP2ConformanceTests {
    typealias Frame = RawHTTP2Client.Frame

    enum Outcome: Sendable {
        /// GOAWAY with one of these codes, or a closed connection.
        case connectionError([UInt32])
        /// RST_STREAM with one of these codes, or as above: RFC 9113 section 5.4.2.
        case streamError([UInt32])
        /// The request on stream 1 is answered with this status.
        case answer(String)
        /// A PING that follows is answered.
        case alive
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var outcome: Outcome

        init(_ name: String, _ frames: Frame..., outcome: Outcome) {
            (testDescription, bytes, self.outcome) = (name, frames.flatMap(\.bytes), outcome)
        }
    }

    private static let noError: UInt32 = 0
    private static let protocolError: UInt32 = 1
    private static let flowControlError: UInt32 = 3
    private static let streamClosed: UInt32 = 5
    private static let frameSizeError: UInt32 = 6
    private static let refusedStream: UInt32 = 7
    private static let compressionError: UInt32 = 9
    private static let tooMuch: UInt32 = 11
    /// Section 5.1 wants STREAM_CLOSED for HEADERS on a stream that its peer has ended. The library says PROTOCOL_ERROR.
    private static let closedOrProtocol = [streamClosed, protocolError]

    private static func fields(_ more: [(String, String)], without name: String = "") -> [(String, String)] {
        Frame.request.filter { $0.0 != name } + more
    }

    @Test(arguments: frames + streams + messages + compression)
    func `A frame or message that is not allowed has the outcome that the RFC names`(_ example: Case) async throws {
        let server = try await FakeModelServer.start { _, _ in FakeModelServer.ok() }
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawHTTP2Client.connect(to: gateway.port)
            client.send(example.bytes)
            client.send(Frame.ping("the end."))
            try await check(client, example.outcome)
            if case .answer = example.outcome {} else { #expect(server.requests.count <= 1) }
        }
        try await server.stop()
    }

    private func check(_ client: RawHTTP2Client, _ outcome: Outcome) async throws {
        switch outcome {
        case .connectionError(let codes):
            try await eventually("the connection is closed") { client.isClosed }
            if let goAway = client.goAway { #expect(codes.contains(goAway.code)) }
        case .streamError(let codes):
            try await eventually("the stream or the connection ends") {
                client.isClosed || client.frames.contains { $0.type == 3 }
            }
            let reset = client.frames.last { $0.type == 3 }.map { UInt32(bytes: $0.payload) }
            if let code = reset ?? client.goAway?.code { #expect(codes.contains(code)) }
        case .answer(let status):
            try await client.complete()
            #expect(client.answer().status == status)
        case .alive:
            try await eventually("the PING is answered") {
                client.frames.contains { $0.type == 6 && $0.flags == 1 && $0.payload == Array("the end.".utf8) }
            }
            #expect(client.goAway == nil)
        }
        #expect(!client.isBroken)
    }

    @Test
    func `3_4 Bytes that are no preface are no HTTP 2`() async throws {
        try await withGateway { gateway, _ in
            let client = try await RawClient.connect(to: gateway.port)
            client.send("INVALID CONNECTION PREFACE\r\n\r\n")
            try await eventually("it is answered") { client.text.hasPrefix("HTTP/1.1 400 ") }
        }
    }

    @Test
    func `3_4 A preface in pieces is one, and SETTINGS come first`() async throws {
        try await withGateway { gateway, _ in
            let client = try await RawHTTP2Client.connect(to: gateway.port, settings: nil)
            let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
            for byte in preface {
                client.send([byte])
                try await Task.sleep(for: .milliseconds(1))
            }
            client.send(Frame.settings([]))
            try await eventually("SETTINGS and their ACK come") { client.frames.filter { $0.type == 4 }.count == 2 }
            #expect(client.frames.first?.type == 4 && client.frames.first?.flags == 0)
        }
    }

    @Test
    func `6_9_1 No more is sent than the window allows, and the rest when it is opened`() async throws {
        let server = try await FakeModelServer.start { _, _ in FakeModelServer.ok("12345678") }
        try await withGateway { gateway, _ in
            gateway.serve([server])
            let client = try await RawHTTP2Client.connect(to: gateway.port, settings: [(4, 1)])
            client.send(.headers())
            try await eventually("one byte comes") { client.answer().body == "1" }
            // Section 6.9.2: windows of open streams change, too, and may be below zero.
            client.send(.settings([(4, 3)]))
            try await eventually("two more come") { client.answer().body == "123" }
            client.send(.settings([(4, 1)]), .window(1, 3))
            try await eventually("one more comes") { client.answer().body == "1234" }
            client.send(.window(1, 100))
            let answer = try await client.complete()
            #expect(answer.body == "12345678")
        }
        try await server.stop()
    }

    // Sections 4 and 6.
    static let frames: [Case] = [
        Case("4.1 a frame of unknown type", Frame(type: 0x16, stream: 0, payload: [1, 2]), outcome: .alive),
        Case(
            "4.1 unknown flags", Frame(type: 6, flags: 0x16, stream: 0, payload: Array("12345678".utf8)),
            outcome: .alive),
        Case(
            "4.1 a reserved bit", Frame(type: 6, stream: 0x8000_0000, payload: Array("12345678".utf8)), outcome: .alive),
        Case(
            "4.2 DATA of 2^14 bytes", .headers(1, Frame.post, ends: false),
            .data(1, String(repeating: "x", count: 16_384)), outcome: .answer("200")),
        Case(
            "4.2 DATA of more", .headers(1, Frame.post, ends: false), .data(1, String(repeating: "x", count: 16_385)),
            outcome: .streamError([frameSizeError])),
        Case(
            "4.2 HEADERS of more", .headers(1, fields([("a", String(repeating: "x", count: 16_384))])),
            outcome: .connectionError([frameSizeError])),
        Case("4.3 a broken block", .headers(1, block: [0x40]), outcome: .connectionError([compressionError])),
        Case(
            "4.3 PRIORITY within a block", .headers(whole: false), .priority(1),
            outcome: .connectionError([protocolError])),
        Case(
            "4.3 HEADERS of another stream within a block", .headers(whole: false), .headers(3),
            outcome: .connectionError([protocolError])),
        Case("6.1 DATA on stream 0", .data(0, "x"), outcome: .connectionError([protocolError])),
        Case(
            "6.1 padding as long as the frame", .headers(1, Frame.post, ends: false),
            Frame(type: 0, flags: 9, stream: 1, payload: [6, 1, 2, 3, 4, 5]), outcome: .connectionError([protocolError])
        ),
        Case("6.2 HEADERS on stream 0", .headers(0), outcome: .connectionError([protocolError])),
        Case(
            "6.2 padding longer than the frame", Frame(type: 1, flags: 13, stream: 1, payload: [200, 1]),
            outcome: .connectionError([protocolError])),
        Case("6.3 PRIORITY on stream 0", .priority(0), outcome: .connectionError([protocolError])),
        Case(
            "6.3 PRIORITY of 4 bytes", .headers(1, Frame.post, ends: false),
            Frame(type: 2, stream: 1, payload: [0, 0, 0, 0]), outcome: .streamError([frameSizeError])),
        Case("6.4 RST_STREAM on stream 0", .reset(0), outcome: .connectionError([protocolError])),
        Case("6.4 RST_STREAM on an idle stream", .reset(1), outcome: .connectionError([protocolError])),
        Case(
            "6.4 RST_STREAM of 3 bytes", .headers(1, Frame.post, ends: false),
            Frame(type: 3, stream: 1, payload: [0, 0, 0]), outcome: .connectionError([frameSizeError])),
        Case(
            "6.5 an ACK of SETTINGS with a payload", Frame(type: 4, flags: 1, stream: 0, payload: [0]),
            outcome: .connectionError([frameSizeError])),
        Case("6.5 SETTINGS on stream 1", Frame(type: 4, stream: 1), outcome: .connectionError([protocolError])),
        Case(
            "6.5 SETTINGS of 3 bytes", Frame(type: 4, stream: 0, payload: [0, 3, 0]),
            outcome: .connectionError([frameSizeError])),
        Case("6.5.2 ENABLE_PUSH 2", .settings([(2, 2)]), outcome: .connectionError([protocolError])),
        Case(
            "6.5.2 INITIAL_WINDOW_SIZE 2^31", .settings([(4, 0x8000_0000)]),
            outcome: .connectionError([flowControlError])),
        Case("6.5.2 MAX_FRAME_SIZE 2^14 - 1", .settings([(5, 16_383)]), outcome: .connectionError([protocolError])),
        Case("6.5.2 MAX_FRAME_SIZE 2^24", .settings([(5, 0x100_0000)]), outcome: .connectionError([protocolError])),
        Case("6.5.2 an unknown setting", .settings([(0xFF, 1)]), outcome: .alive),
        Case(
            "6.6 PUSH_PROMISE of a client", .headers(1, Frame.post, ends: false),
            Frame(type: 5, flags: 4, stream: 1, payload: [0, 0, 0, 2] + Frame.literal("a", "b")),
            outcome: .connectionError([protocolError])),
        Case(
            "6.7 an ACK of no PING", Frame(type: 6, flags: 1, stream: 0, payload: Array("12345678".utf8)),
            outcome: .alive),
        Case(
            "6.7 PING on stream 1", Frame(type: 6, stream: 1, payload: Array("12345678".utf8)),
            outcome: .connectionError([protocolError])),
        Case("6.7 PING of 6 bytes", .ping("123456"), outcome: .connectionError([frameSizeError])),
        Case(
            "6.8 GOAWAY on stream 1", Frame(type: 7, stream: 1, payload: [0, 0, 0, 0, 0, 0, 0, 0]),
            outcome: .connectionError([protocolError])),
        Case("6.9 WINDOW_UPDATE of 0", .window(0, 0), outcome: .connectionError([protocolError])),
        Case(
            "6.9 WINDOW_UPDATE of 0 on a stream", .headers(1, Frame.post, ends: false), .window(1, 0),
            outcome: .streamError([protocolError])),
        Case(
            "6.9 WINDOW_UPDATE of 3 bytes", Frame(type: 8, stream: 0, payload: [0, 0, 1]),
            outcome: .connectionError([frameSizeError])),
        Case(
            "6.9.1 a connection's window over 2^31 - 1", .window(0, 0x7FFF_FFFF), .window(0, 0x7FFF_FFFF),
            outcome: .connectionError([flowControlError])),
        Case(
            "6.9.1 a stream's window over 2^31 - 1", .headers(1, Frame.post, ends: false), .window(1, 0x7FFF_FFFF),
            .window(1, 0x7FFF_FFFF), outcome: .streamError([flowControlError])),
        Case(
            "6.10 several CONTINUATIONs", .headers(whole: false), .continuation(whole: false), .continuation(),
            outcome: .answer("200")),
        Case(
            "6.10 CONTINUATION before other frames", .headers(whole: false), .continuation(whole: false), .data(1, "x"),
            outcome: .connectionError([protocolError])),
        Case(
            "6.10 CONTINUATION on stream 0", .headers(whole: false), .continuation(0),
            outcome: .connectionError([protocolError])),
        Case(
            "6.10 CONTINUATION after the block's end", .headers(1, Frame.post, ends: false), .continuation(),
            outcome: .connectionError([protocolError])),
        Case(
            "6.10 CONTINUATION after DATA", .headers(1, Frame.post, ends: false), .data(1, "x", ends: false),
            .continuation(), outcome: .connectionError([protocolError])),
        Case(
            "CVE-2024-27316 CONTINUATION without end", .headers(whole: false), .continuation(whole: false),
            .continuation(whole: false), .continuation(whole: false), .continuation(whole: false),
            .continuation(whole: false), .continuation(whole: false), .continuation(whole: false),
            outcome: .connectionError([tooMuch])),
        Case(
            "CVE-2019-9518 empty DATA without end", .headers(1, Frame.post, ends: false), .data(1, "", ends: false),
            .data(1, "", ends: false), .data(1, "", ends: false), outcome: .connectionError([tooMuch])),
    ]

    // Section 5.
    static let streams: [Case] = [
        Case("5.1 DATA on an idle stream", .data(1, "x"), outcome: .connectionError([protocolError])),
        Case("5.1 WINDOW_UPDATE on an idle stream", .window(1, 100), outcome: .connectionError([protocolError])),
        Case("5.1 CONTINUATION on an idle stream", .continuation(), outcome: .connectionError([protocolError])),
        Case("5.1 PRIORITY on an idle stream", .priority(1), outcome: .alive),
        Case("5.1 DATA after the request's end", .headers(), .data(1, "x"), outcome: .streamError([streamClosed])),
        Case("5.1 HEADERS after the request's end", .headers(), .headers(), outcome: .streamError(closedOrProtocol)),
        Case(
            "5.1 CONTINUATION after the request's end", .headers(), .continuation(),
            outcome: .streamError([streamClosed, protocolError])),
        Case(
            "5.1 DATA after RST_STREAM", .headers(1, Frame.post, ends: false), .reset(), .data(1, "x"),
            outcome: .streamError([streamClosed])),
        Case(
            "5.1 HEADERS after RST_STREAM", .headers(1, Frame.post, ends: false), .reset(), .headers(),
            outcome: .streamError(closedOrProtocol)),
        Case("5.1.1 an even number", .headers(2), outcome: .connectionError([protocolError])),
        Case("5.1.1 a smaller number", .headers(5), .headers(3), outcome: .connectionError([protocolError])),
        Case(
            "5.5 an unknown frame within a block", .headers(whole: false), Frame(type: 0x16, stream: 1),
            outcome: .connectionError([protocolError])),
    ]

    // Section 8.
    static let messages: [Case] = [
        Case(
            "8.1 HEADERS amid a body without END_STREAM", .headers(1, Frame.post, ends: false),
            .headers(1, [("x", "1")], ends: false), outcome: .streamError([protocolError])),
        Case(
            "8.1.1 content-length other than the body",
            .headers(1, Frame.post + [("content-length", "1")], ends: false), .data(1, "test"),
            outcome: .streamError([protocolError])),
        Case(
            "8.1.1 content-length other than several DATA",
            .headers(1, Frame.post + [("content-length", "1")], ends: false), .data(1, "te", ends: false),
            .data(1, "st"), outcome: .streamError([protocolError])),
        Case(
            "8.1.1 content-length that is no number", .headers(1, Frame.post + [("content-length", "+1")], ends: false),
            .data(1, "t"), outcome: .answer("400")),
        Case("8.2 an upper-case name", .headers(1, fields([("X-TEST", "1")])), outcome: .streamError([protocolError])),
        Case(
            "8.2.1 a line end in a value", .headers(1, fields([("x", "a\r\nb: c")])),
            outcome: .streamError([protocolError])),
        Case("8.2.1 NUL in a value", .headers(1, fields([("x", "a\0b")])), outcome: .streamError([protocolError])),
        Case(
            "8.2.1 a space at a value's end", .headers(1, fields([("x", "a ")])), outcome: .streamError([protocolError])
        ),
        Case("8.2.1 a colon in a name", .headers(1, fields([("x:y", "a")])), outcome: .streamError([protocolError])),
        Case(
            "8.2.2 Connection", .headers(1, fields([("connection", "keep-alive")])),
            outcome: .streamError([protocolError])),
        Case(
            "8.2.2 Transfer-Encoding", .headers(1, Frame.post + [("transfer-encoding", "chunked")], ends: false),
            outcome: .streamError([protocolError])),
        Case("8.2.2 Upgrade", .headers(1, fields([("upgrade", "websocket")])), outcome: .streamError([protocolError])),
        Case(
            "8.2.2 TE other than trailers", .headers(1, fields([("te", "trailers, deflate;q=0.5")])),
            outcome: .streamError([protocolError])),
        Case("8.2.2 TE trailers", .headers(1, fields([("te", "trailers")])), outcome: .answer("200")),
        Case(
            "8.3 an unknown pseudo-field", .headers(1, fields([(":test", "ok")])),
            outcome: .streamError([protocolError])),
        Case(
            "8.3 a pseudo-field of responses", .headers(1, [(":status", "200")] + Frame.request),
            outcome: .streamError([protocolError])),
        Case(
            "8.3 a pseudo-field in trailers", .headers(1, Frame.post, ends: false), .headers(1, [(":method", "GET")]),
            outcome: .streamError([protocolError])),
        Case(
            "8.3 a pseudo-field after a field",
            .headers(1, fields([("x", "1"), (":method", "GET")], without: ":method")),
            outcome: .streamError([protocolError])),
        Case(
            "8.3.1 an empty path", .headers(1, fields([(":path", "")], without: ":path")),
            outcome: .streamError([protocolError])),
        Case("8.3.1 no method", .headers(1, fields([], without: ":method")), outcome: .streamError([protocolError])),
        Case("8.3.1 no scheme", .headers(1, fields([], without: ":scheme")), outcome: .streamError([protocolError])),
        Case("8.3.1 no path", .headers(1, fields([], without: ":path")), outcome: .streamError([protocolError])),
        Case(
            "8.3.1 two methods", .headers(1, [(":method", "GET")] + Frame.request),
            outcome: .streamError([protocolError])),
        Case(
            "8.3.1 two schemes", .headers(1, [(":scheme", "http")] + Frame.request),
            outcome: .streamError([protocolError])),
        Case("8.3.1 two paths", .headers(1, [(":path", "/")] + Frame.request), outcome: .streamError([protocolError])),
        Case(
            "8.3.1 a path without its slash", .headers(1, [(":path", "x")] + fields([], without: ":path")),
            outcome: .streamError([protocolError])),
        Case(
            "8.3.1 a whole URL as the path", .headers(1, [(":path", "http://other/x")] + fields([], without: ":path")),
            outcome: .streamError([protocolError])),
        Case("8.3.1 two hosts", .headers(1, fields([("host", "other")])), outcome: .answer("400")),
        Case("8.3.1 the host twice", .headers(1, fields([("host", Frame.host)])), outcome: .answer("200")),
        Case(
            "8.3.1 Host alone", .headers(1, fields([("host", Frame.host)], without: ":authority")),
            outcome: .answer("200")),
        Case("8.3.1 no host", .headers(1, fields([], without: ":authority")), outcome: .answer("400")),
        Case(
            "8.3.1 a user in the authority", .headers(1, fields([(":authority", "a@b")], without: ":authority")),
            outcome: .answer("400")),
        Case(
            "a method with a line in it",
            .headers(1, [(":method", "GET /y HTTP/1.1\r\nx:")] + fields([], without: ":method")),
            outcome: .streamError([protocolError])),
        Case(
            "a method with a target in it", .headers(1, [(":method", "GET /y")] + fields([], without: ":method")),
            outcome: .streamError([protocolError])),
        Case(
            "a path with a version in it", .headers(1, [(":path", "/y HTTP/1.1")] + fields([], without: ":path")),
            outcome: .streamError([protocolError])),
        Case("129 fields", .headers(1, fields((0..<129).map { ("x\($0)", "1") })), outcome: .answer("431")),
    ]

    // RFC 7541.
    static let compression: [Case] = [
        Case(
            "HPACK 2.3.3 an index that there is not", .headers(1, block: request + [0xFF, 0x00]),
            outcome: .connectionError([compressionError])),
        Case(
            "HPACK 4.2 a table size at a block's end", .headers(1, block: request + [0x20]),
            outcome: .connectionError([compressionError])),
        Case(
            "HPACK 5.2 more than 7 bits of padding",
            .headers(1, block: request + [0x00, 0x85, 0xF2, 0xB2, 0x4A, 0x84, 0xFF, 0x84, 0x49, 0x50, 0x9F, 0xFF]),
            outcome: .connectionError([compressionError])),
        Case(
            "HPACK 5.2 padding of zeros",
            .headers(1, block: request + [0x00, 0x85, 0xF2, 0xB2, 0x4A, 0x87, 0xFF, 0x83, 0x49, 0x50, 0x90]),
            outcome: .connectionError([compressionError])),
        Case(
            "HPACK 5.2 EOS",
            .headers(
                1,
                block: request + [
                    0x00, 0x85, 0xF2, 0xB2, 0x4A, 0x84, 0xFF, 0x87, 0x49, 0x51, 0xFF, 0xFF, 0xFF, 0xFA, 0x7F,
                ]), outcome: .connectionError([compressionError])),
        Case("HPACK 6.1 index 0", .headers(1, block: request + [0x80]), outcome: .connectionError([compressionError])),
        Case(
            "HPACK 6.3 a table larger than allowed", .headers(1, block: [0x3F, 0xE1, 0xFF, 0x03] + request),
            outcome: .connectionError([compressionError])),
    ]

    private static let request = Frame.request.flatMap { Frame.literal($0.0, $0.1) }
}
