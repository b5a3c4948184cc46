import Randomness
import Testing

@testable import Routing

struct StreamFlagScannerTests {
    private static func scan(_ bytes: [UInt8], pieces: [Int] = []) -> StreamFlagScanner {
        var scanner = StreamFlagScanner()
        var start = 0
        for end in pieces.sorted() + [bytes.count] {
            scanner.scan(bytes.span.extracting(start..<end))
            start = end
        }
        return scanner
    }

    @Test(arguments: [
        (#"{"model":"m","stream":true}"#, true), (#"{"stream" : true , "a":1}"#, true), (#"{"stream":false}"#, false),
        (#"{"stream":null}"#, false), (#"{"stream":"true"}"#, false), (#"{"stream":1}"#, false), (#"{}"#, false),
        (#"{"streams":true}"#, false), (#"{"strea":true}"#, false), (#"{"a":"stream","b":true}"#, false),
        // Only the object's own member counts.
        (#"{"tools":[{"stream":true}]}"#, false), (#"{"a":{"stream":true}}"#, false), (#"["stream",true]"#, false),
        (#"{"prompt":"\"stream\":true"}"#, false), (#"{"prompt":"{\"stream\":true","stream":true}"#, true),
        (#"{"a":"\\","stream":true}"#, true), (#"{"stream":true,"stream":false}"#, false), ("", false),
    ])
    func `Only "stream": true of the request itself asks for a stream`(body: String, expected: Bool) {
        #expect(Self.scan(Array(body.utf8)).isSet == expected)
    }

    @Test
    func `However the body is cut, it says the same`() {
        let words = ["{", "}", "[", "]", "\"", "\\", "stream", "\"stream\"", ":", "true", "false", ",", " ", "a"]
        for _ in 0..<FuzzRun.iterations(10_000) {
            var random = SeededRandom()
            let bytes = (0..<random.below(20)).flatMap { _ in Array(random.one(of: words).utf8) }
            let cuts = (0..<random.below(5)).map { _ in random.below(bytes.count + 1) }
            if Self.scan(bytes) != Self.scan(bytes, pieces: cuts) {
                Issue.record("seed \(random.seed): \(String(decoding: bytes, as: UTF8.self)) cut at \(cuts)")
            }
        }
    }
}
