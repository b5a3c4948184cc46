import Testing

@testable import HTTPFraming

struct BodyTrackerTests {
    @Test(arguments: [
        ("0\r\n\r\n", ""),
        ("5\r\nhello\r\n0\r\n\r\n", "hello"),
        ("5\r\nhello\r\n06\r\n world\r\n000\r\n\r\n", "hello world"),
        ("A;a=b;c\r\n0123456789\r\n0;x\r\n\r\n", "0123456789"),
        ("a\r\n0123456789\r\n0\r\nX-A: 1\r\nX-B:\r\n\r\n", "0123456789"),
        ("2\r\n\r\n\r\n0\r\n\r\n", "\r\n"),
    ])
    func `A chunked body ends where it ends, however it is split`(text: String, data: String) throws {
        let bytes = Array(text.utf8)
        let following = bytes + Array("GET".utf8)
        for split in 0...bytes.count {
            var tracker = BodyTracker(.chunked)
            var result: [UInt8] = []
            var consumed = 0
            for part in [Array(following[..<split]), Array(following[split...])] {
                let span = part.span
                consumed += try tracker.advance(over: span) { result += part[$0] }
            }
            #expect(consumed == bytes.count)
            #expect(tracker.isComplete)
            #expect(String(decoding: result, as: UTF8.self) == data)
        }
    }

    @Test(arguments: [
        ("\r\n", FramingError.malformedChunk),
        (";\r\n", .malformedChunk),
        ("g\r\n", .malformedChunk),
        ("0x5\r\n", .malformedChunk),
        ("+5\r\n", .malformedChunk),
        ("-5\r\n", .malformedChunk),
        (" 5\r\n", .malformedChunk),
        ("5 \r\n", .malformedChunk),
        ("5\nhello\r\n", .malformedChunk),
        ("5\rhello\r\n", .malformedChunk),
        ("5\r\nhello0\r\n\r\n", .malformedChunk),
        ("5\r\nhello\n0\r\n\r\n", .malformedChunk),
        ("5\r\nhello\r0\r\n\r\n", .malformedChunk),
        ("5;a\nhello\r\n", .malformedChunk),
        ("5;a\0\r\n", .malformedChunk),
        ("1234567890123456\r\n", .malformedChunk),
        ("0\r\n\n", .bareLineFeed),
        ("0\r\nX: 1\n\r\n", .bareLineFeed),
        ("0\r\nX : 1\r\n\r\n", .malformedFieldName),
        ("0\r\n X: 1\r\n\r\n", .foldedField),
        ("0\r\nContent-Length: 1\r\n\r\n", .forbiddenTrailer),
        ("0\r\nTransfer-Encoding: chunked\r\n\r\n", .forbiddenTrailer),
        ("0\r\nHost: a\r\n\r\n", .forbiddenTrailer),
        ("0\r\nK-Original-Host: a\r\n\r\n", .forbiddenTrailer),
        ("0\r\nGET / HTTP/1.1\r\n\r\n", .malformedFieldName),
    ])
    func `A chunked body that could be read in two ways is an error`(text: String, error: FramingError) {
        let bytes = Array(text.utf8)
        for split in 0...bytes.count {
            #expect(throws: error) {
                var tracker = BodyTracker(.chunked)
                for part in [Array(bytes[..<split]), Array(bytes[split...])] {
                    _ = try tracker.advance(over: part.span)
                }
            }
        }
    }

    @Test
    func `Extensions and trailers are bounded`() {
        let long = Array("1;\(String(repeating: "a", count: 20_000))".utf8)
        #expect(throws: FramingError.chunkExtensionsTooLarge) {
            var tracker = BodyTracker(.chunked)
            _ = try tracker.advance(over: long.span)
        }
        let trailers = Array("0\r\n\(String(repeating: "X: 1\r\n", count: 3_000))".utf8)
        #expect(throws: FramingError.headTooLarge) {
            var tracker = BodyTracker(.chunked)
            _ = try tracker.advance(over: trailers.span)
        }
    }

    @Test
    func `A body of a length takes its bytes and no more`() throws {
        var tracker = BodyTracker(.length(5))
        let bytes = Array("hello world".utf8)
        #expect(try tracker.advance(over: bytes.span.extracting(0..<3)) == 3)
        #expect(!tracker.isComplete)
        #expect(tracker.room == .bytes(2))
        #expect(try tracker.advance(over: bytes.span.extracting(3..<11)) == 2)
        #expect(tracker.isComplete)
    }

    @Test
    func `A body without framing of its own`() throws {
        var endless = BodyTracker(.untilClose)
        var none = BodyTracker(.none)
        let bytes = Array("hello".utf8)
        #expect(try endless.advance(over: bytes.span) == 5)
        #expect(!endless.isComplete)
        #expect(endless.room == .any)
        #expect(try none.advance(over: bytes.span) == 0)
        #expect(none.isComplete)
    }

    @Test(arguments: [
        ("", BodyTracker.Room.newChunk), ("5\r\nhello\r\n", .newChunk), ("5\r\nhel", .bytes(2)), ("5\r\nhello", .none),
        ("5", .none), ("0\r\n", .none),
    ])
    func `What may be written into a body that is open`(text: String, room: BodyTracker.Room) throws {
        var tracker = BodyTracker(.chunked)
        let bytes = Array(text.utf8)
        _ = try tracker.advance(over: bytes.span)
        #expect(tracker.room == room)
    }
}
