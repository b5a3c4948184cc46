import Testing

@testable import Routing

struct ModelScannerTests {
    private static func scan(_ text: String, splitAt split: Int? = nil) -> ModelScanner.Outcome {
        let bytes = Array(text.utf8)
        var scanner = ModelScanner()
        let split = split ?? bytes.count
        let outcome = scanner.scan(bytes.span.extracting(0..<split))
        return outcome == .incomplete ? scanner.scan(bytes.span.extracting(split..<bytes.count)) : outcome
    }

    private static func found(_ name: String) -> ModelScanner.Outcome { .found(Array(name.utf8)) }

    static let examples: [(String, ModelScanner.Outcome)] = [
        (#"{"model":"m"}"#, found("m")),
        ("\n\t {\r\n \"model\" \t:\n \"m\" ", found("m")),
        (#"{"messages":[{"role":"user","content":"hi"}],"model":"a/b:c"}"#, found("a/b:c")),
        (#"{"a":{"model":"x"},"model":"m"}"#, found("m")),
        (#"{"a":[{"model":"x"}],"model":"m"}"#, found("m")),
        (#"{"a":"\"model\":\"x\"","model":"m"}"#, found("m")),
        (#"{"a":"\\","model":"m"}"#, found("m")),
        (#"{"a":"}],","b":[],"c":{},"d":[[],{}],"model":"m"}"#, found("m")),
        (#"{"a":1.5e3,"b":true,"c":null,"d":-1,"model":"m"}"#, found("m")),
        (#"{"a":1 ,"b":"x" , "model":"m"}"#, found("m")),
        (#"{"Model":"x","models":"x","mode":"x","model":"m"}"#, found("m")),
        (#"{"mod\u0065l":"m"}"#, found("m")),
        (#"{"model":"a\/b\u00e9\ud83d\ude00\n"}"#, found("a/b\u{E9}\u{1F600}\n")),
        (#"{"model":"\ud83d"}"#, found("\u{FFFD}")),
        (#"{"model":"m","model":"n"}"#, found("m")),
        (#"{"model":"m" this is not looked at"#, found("m")),
        ("{\"model\":\"\u{E9}\"}", found("\u{E9}")),
        (#"{}"#, .missing),
        (#"{"a":1}"#, .missing),
        (#"{"a":{"model":"x"}}"#, .missing),
        (#"{"model":1}"#, .notAString),
        (#"{"model":null}"#, .notAString),
        (#"{"model":["m"]}"#, .notAString),
        (#"["model"]"#, .malformed),
        ("hello", .malformed),
        ("\u{FEFF}{}", .malformed),
        (#"{model:"m"}"#, .malformed),
        (#"{"model" "m"}"#, .malformed),
        (#"{"a":,"model":"m"}"#, .malformed),
        (#"{"a":1;"model":"m"}"#, .malformed),
        (#"{"a":"\x","model":"m"}"#, .malformed),
        (#"{"a":"\u00g0","model":"m"}"#, .malformed),
        ("{\"a\":\"\n\",\"model\":\"m\"}", .malformed),
        (#"{"a":]"#, .malformed),
        ("{\"model\":\"\(String(repeating: "m", count: 513))\"}", .tooLong),
        ("", .incomplete),
        (#"{"model":"m"#, .incomplete),
        (#"{"a":[{"b":"#, .incomplete),
    ]

    @Test(arguments: examples)
    func `The model is found wherever it stands, however the body is split`(
        text: String, expected: ModelScanner.Outcome
    ) {
        #expect(Self.scan(text) == expected)
        for split in 0...text.utf8.count { #expect(Self.scan(text, splitAt: split) == expected, "split at \(split)") }
    }

    @Test
    func `A long prompt before the model is walked over`() {
        let prompt = String(repeating: "word \\\"quoted\\\" ", count: 10_000)
        #expect(Self.scan("{\"prompt\":\"\(prompt)\",\"model\":\"m\"}") == Self.found("m"))
        #expect(Self.scan("{\"\(prompt)\":1,\"model\":\"m\"}") == Self.found("m"), "even as a key")
    }
}
