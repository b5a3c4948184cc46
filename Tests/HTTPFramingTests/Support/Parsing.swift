@testable import HTTPFraming

/// A request's head as texts, for comparing.
struct ParsedRequest: Equatable {
    var path: String
    var query: String
    var host: String
    var framing: BodyFraming
    var keepsAlive: Bool
    var length: Int
}

/// `nil`: the head is incomplete.
typealias ParseOutcome<Head: Equatable> = Result<Head?, FramingError>

func parseRequest(_ bytes: [UInt8], limits: HeadLimits = HeadLimits()) -> ParseOutcome<ParsedRequest> {
    parseRequest(bytes, givenIn: [bytes.count], limits: limits)
}

/// - Parameter ends: How much of the bytes was there each time.
func parseRequest(
    _ bytes: [UInt8], givenIn ends: [Int], limits: HeadLimits = HeadLimits()
) -> ParseOutcome<ParsedRequest> {
    var parser = RequestParser(limits: limits)
    do throws(FramingError) {
        for end in ends {
            let part = Array(bytes[..<end])
            if try parser.parse(part.span) { return .success(ParsedRequest(parser, part)) }
        }
        return .success(nil)
    } catch {
        return .failure(error)
    }
}

extension ParsedRequest {
    init(_ parser: RequestParser, _ bytes: [UInt8]) {
        let head = parser.head
        self.init(
            path: text(bytes, head.path), query: text(bytes, head.query), host: text(bytes, head.host),
            framing: head.framing, keepsAlive: head.keepsAlive, length: head.length)
    }
}

func text(_ bytes: [UInt8], _ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

/// The head that a model server gets.
func rewritten(
    _ bytes: [UInt8], path: String? = nil, client: String = "10.0.0.1", passesExpectation: Bool = true
) throws -> String {
    var parser = RequestParser()
    guard try parser.parse(bytes.span) else { return "incomplete" }
    let rewriter = RequestRewriter(client: ClientAddress(client), isSecure: false)
    let path = path.map { Array($0.utf8) } ?? Array(bytes[parser.head.path])
    let head = written(capacity: rewriter.capacity(length: parser.head.length, pathLength: path.count)) { output in
        rewriter.write(parser, of: bytes.span, path: path.span, passesExpectation: passesExpectation, to: &output)
    }
    return head + "\r\n"
}

func written(capacity: Int, _ body: (inout OutputRawSpan) -> Void) -> String {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 1)
    defer { memory.deallocate() }
    var output = OutputRawSpan(buffer: memory, initializedCount: 0)
    body(&output)
    return String(decoding: memory[..<output.byteCount], as: UTF8.self)
}
