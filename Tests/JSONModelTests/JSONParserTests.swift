import Randomness
import Testing

@testable import JSONModel

@Suite("JSON texts")
struct JSONParserTests {
    @Test(
        arguments: [
            ("null", .null), (" true\n", true), ("false", false), ("0", 0), ("-12", -12), (#""""#, ""),
            (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"), (#""\u00e9\u20AC\ud83d\ude00""#, "é€😀"),
            ("[]", []), ("[ 1 , [ ] ]", [1, []]), ("{}", [:]),
            (#"{"b":1,"a":{"c":[null]}}"#, ["a": ["c": [.null]], "b": 1]),
            (#"{"a":1,"a":2}"#, ["a": 2]), (#"{"":0}"#, ["": 0]),
        ] as [(String, JSONValue)])
    func areRead(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "tru", "True", "[1,]", "[,1]", "[1 2]", "{", "[", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
        "{a:1}", "{1:2}", "'a'", "\"a", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"a\nb\"", "\"\t\"", "01",
        "-",
        "+1", "1.", ".5", "1e", "1e+", "0x1", "NaN", "Infinity", "1 2", "[] []", "//c\n1", "/**/1", "\u{FEFF}1", "[1}",
        "--1", "-01", "1.e3", "]", ",",
    ])
    func thatAreNoneAreRefused(text: String) {
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
    }

    @Test func anErrorSaysWhere() {
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: #"{"a": [1, x]}"#) }
        #expect(error == JSONParseError(reason: "unexpected character", offset: 10))
        #expect(error?.description == "unexpected character at byte 10")
    }

    /// A lone surrogate is no character: Go puts U+FFFD there, and so do we.
    @Test(arguments: [
        (#""\ud800""#, "\u{FFFD}"), (#""\udc00x""#, "\u{FFFD}x"), (#""\ud800\ud800""#, "\u{FFFD}\u{FFFD}"),
        (#""\ud800\n""#, "\u{FFFD}\n"), (#""\ud83d\ude00""#, "😀"),
    ])
    func surrogates(text: String, value: String) throws {
        #expect(try JSONValue(parsing: text) == .string(value))
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0x5C, 0x6E, 0xFF, 0x22],
        ] as [[UInt8]])
    func invalidUTF8IsRefused(bytes: [UInt8]) {
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: bytes) }
    }

    @Test func nestingHasALimit() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSONValue(parsing: nested(512)).depth == 512)
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: nested(513)) }
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: String(repeating: "{\"a\":", count: 100_000)) }
    }

    @Test(arguments: ["1.0", "1e2", "-0", "1E+5", "0.10", "12345678901234567890123", "1e400", "-1.5e-7"])
    func numbersKeepTheirLiteral(text: String) throws {
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test(
        arguments: [
            ("1", 1), ("-0", 0), ("1.0", 1), ("1e3", 1000), ("9223372036854775807", Int.max), ("1.5", nil),
            ("1e400", nil),
            ("9223372036854775808", nil),
        ] as [(String, Int?)])
    func numbersAsIntegers(text: String, value: Int?) {
        #expect(JSONNumber(literal: text).int == value)
    }

    @Test(
        arguments: [
            (0, "0"), (1.5, "1.5"), (-3, "-3"), (1e20, "1e+20"), (.infinity, "0"), (.nan, "0"), (0.1, "0.1"),
        ] as [(Double, String)])
    func numbersFromDoubles(value: Double, literal: String) {
        #expect(JSONNumber(value).literal == literal)
    }

    @Test func textIsCanonical() throws {
        let value = try JSONValue(parsing: #" { "b" : [ 1 , {} ] , "a" : "\u0001\u001f\t\"\\é/" } "#)
        #expect(value.text == #"{"a":"\u0001\u001f\t\"\\é/","b":[1,{}]}"#)
        #expect(
            value.prettyPrinted(indent: 2) == """
                {
                  "a": "\\u0001\\u001f\\t\\"\\\\é/",
                  "b": [
                    1,
                    {}
                  ]
                }
                """)
    }

    @Test func keysAreOrderedByTheirBytes() throws {
        let text = #"{"Z":1,"a":2,"e\u0301":3,"z":4,"é":5}"#
        let value = try JSONValue(parsing: text)
        #expect(value.objectValue?.count == 5, "two spellings of é are two keys")
        #expect(value["é"] == 5)
        #expect(value["e\u{301}"] == 3)
    }

    @Test(arguments: 0..<50)
    func whatIsWrittenIsReadAgain(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let value = JSONValue.random(depth: 5, using: &random)
        #expect(try JSONValue(parsing: value.serialized()) == value, "seed \(seed)")
        #expect(try JSONValue(parsing: value.prettyPrinted()) == value, "seed \(seed)")
    }

    /// Cut or changed anywhere, a text is read or refused, never a crash.
    @Test(arguments: 0..<50)
    func damagedTextsAreNoHarm(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let bytes = JSONValue.random(depth: 4, using: &random).serialized()
        for _ in 0..<200 {
            var damaged = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
            if let place = damaged.indices.randomElement(using: &random) {
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
            if let value = try? JSONValue(parsing: damaged) {
                #expect((try? JSONValue(parsing: value.serialized())) == value)
            }
        }
    }
}
