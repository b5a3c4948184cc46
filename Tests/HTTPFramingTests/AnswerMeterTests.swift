import Randomness
import Testing

@testable import HTTPFraming

struct AnswerMeterTests {
    private static func measure(_ kind: AnswerKind, _ pieces: [[UInt8]]) -> AnswerMeter {
        var meter = AnswerMeter(kind)
        for piece in pieces { _ = meter.scan(piece.span) }
        return meter
    }

    private static func measure(_ kind: AnswerKind, _ text: String) -> AnswerMeter { measure(kind, [Array(text.utf8)]) }

    @Test(arguments: [
        (#"{"usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19}}"#, 12, 7),
        (#"{"usage": { "completion_tokens" : 7 , "prompt_tokens"# + "\" :\n12}}", 12, 7),
        (#"{"usage":{"input_tokens":3,"output_tokens":4}}"#, 3, 4),
        (#"{"usage":{"prompt_tokens":1,"completion_tokens":2},"usage":{"completion_tokens":3}}"#, 1, 3),
        (#"{"usage":null}"#, nil, nil),
        (#"{"usage":{"prompt_tokens":null,"completion_tokens":"7"}}"#, nil, nil),
        (#"{"completion_tokens_details":{"reasoning_tokens":5},"total_tokens":9}"#, nil, nil),
        // What was generated is no count.
        (#"{"text":"{\"completion_tokens\": 99}","usage":{"completion_tokens":1}}"#, nil, 1),
        (#"{"text":"\"prompt_tokens\":5","x":"completion_tokens"}"#, nil, nil),
        (#"{"completion_tokens":99999999999999999999999}"#, nil, 1_000_000_000),
    ])
    func `Tokens are what the server says last`(body: String, prompt: Int?, completion: Int?) {
        #expect(Self.measure(.json, body).counts == TokenCounts(prompt: prompt, completion: completion))
    }

    @Test(arguments: [
        ("data: {}\n\ndata: {}\n\ndata: [DONE]\n\n", 2), ("data:{}\r\n\r\ndata:[DONE]\r\n\r\n", 1),
        ("event: x\nid: 1\ndata: a\ndata: b\n\n", 1), (": ping\n\n: ping\n\n", 0), ("data: a\n", 0), ("data\n\n", 0),
        ("data:\n\n", 0), ("data: [DON\n\n", 1), ("data: [DONE] \n\n", 1), ("database: 1\n\n", 0), ("", 0),
    ])
    func `Events that have data are counted when they are complete`(stream: String, count: Int) {
        let meter = Self.measure(.events, stream)
        #expect(meter.events.events == count)
        #expect(meter.hasToken == (count > 0))
        #expect(meter.counts == TokenCounts(completion: count))
    }

    @Test
    func `A stream that says how many tokens it had is believed`() {
        let meter = Self.measure(
            .events,
            "data: {\"x\":1}\n\ndata: {\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":30}}\n\ndata: [DONE]\n\n")
        #expect(meter.counts == TokenCounts(prompt: 5, completion: 30))
    }

    @Test(arguments: [
        ("data: 1\n\n", true), ("data: 1\n", false), ("data: 1", false), ("data: 1\r\n\r\n", true),
        ("data: 1\n\nd", false), ("data: 1\n\nevent", false), ("", true), ("\n", true), ("data: 1\n\n: ping\n\n", true),
        ("a\n\n", true), ("a\nb\n", false),
    ])
    func `It is known whether a stream stands between two events`(stream: String, expected: Bool) {
        #expect(Self.measure(.events, stream).events.isBetweenEvents == expected)
    }

    @Test
    func `The first token is told once`() {
        var meter = AnswerMeter(.events)
        let told = ["data: ", "1\n", "\n", "data: 2\n\n"].map { meter.scan(Array($0.utf8).span) }
        #expect(told == [false, false, true, false])
        var whole = AnswerMeter(.json)
        #expect(["", "{", "}"].map { whole.scan(Array($0.utf8).span) } == [false, true, false])
        var other = AnswerMeter(.other)
        let isTold = other.scan([1, 2].span)
        #expect(!isTold)
    }

    private static let pieces = [
        "data: ", "data:", "[DONE]", "\n", "\n\n", "\r\n", "\"", "\\", "prompt_tokens", "\"completion_tokens\"", ":",
        " ",
        "12", "3", ",", "{", "}", "\"output_tokens\":", "input_tokens\"", ": ping", "event: a",
    ]

    @Test
    func `However an answer is cut, it is measured in the same way`() {
        for _ in 0..<FuzzRun.iterations(20_000) {
            var random = SeededRandom()
            let bytes = (0..<random.below(24)).flatMap { _ in Array(random.one(of: Self.pieces).utf8) }
            let kind = random.below(2) == 0 ? AnswerKind.events : .json
            var parts: [[UInt8]] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = 1 + random.below(min(rest.count, 9))
                parts.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            let (whole, cut) = (Self.measure(kind, [bytes]), Self.measure(kind, parts))
            if whole != cut { Issue.record("seed \(random.seed): \(parts) is measured as \(cut), not as \(whole)") }
        }
    }
}
