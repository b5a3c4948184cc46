import JSONModel
import Randomness
import Testing

@testable import YAMLModel

@Suite("YAML is read as kubectl reads it")
struct YAMLReadingTests {
    static let scalars: [(String, JSONValue)] = [
        ("yes", true), ("On", true), ("TRUE", true), ("n", false), ("off", false), ("yEs", "yEs"),
        ("~", .null), ("", .null), ("null", .null), ("1", 1), ("1.0", .number(JSONNumber(literal: "1.0"))),
        ("1e3", .number(JSONNumber(literal: "1e3"))), ("0x1F", 31), ("0777", 511), ("0o17", 15), ("1_000", 1000),
        ("+5", 5), ("1:30", "1:30"), ("2001-12-14", "2001-12-14"), ("127.0.0.1", "127.0.0.1"), ("v1", "v1"),
        ("-", "-"), ("'1'", "1"), ("\"yes\"", "yes"), ("!!str 1", "1"), ("100m", "100m"), (".5", 0.5),
        ("12345678901234567890", .number(JSONNumber(literal: "12345678901234567890"))),
    ]

    @Test("scalars", arguments: scalars)
    func scalar(text: String, expected: JSONValue) throws {
        if text == "-" { return }
        #expect(try JSONValue(yaml: "a: \(text)")["a"] == expected)
    }

    @Test("scalars are what they are to kubectl", arguments: KubectlOracle.read)
    func oracle(yaml: String, json: String) throws {
        #expect(try JSONValue(yaml: "v: \(yaml)")["v"]?.text == json)
    }

    @Test("JSON is read as JSON, tabs and all")
    func json() throws {
        #expect(try JSONValue(yaml: "\n{\n\t\"a\": [1.0, \"yes\"]\n}\n").text == #"{"a":[1.0,"yes"]}"#)
        #expect(try JSONValue(yaml: "{a: [1, yes]}") == ["a": [1, true]])
    }

    @Test("keys are text")
    func keys() throws {
        #expect(try JSONValue(yaml: "1: a\nyes: b\n1.5: d") == ["1": "a", "true": "b", "1.5": "d"])
        #expect(throws: YAMLError.self) { try JSONValue(yaml: "~: a") }
        #expect(throws: YAMLError.self) { try JSONValue(yaml: "[a]: b") }
    }

    @Test("several documents, with empty ones")
    func documents() throws {
        #expect(try JSONValue.documents(yaml: "a: 1\n---\n---\nb: 2\n") == [["a": 1], .null, ["b": 2]])
        #expect(try JSONValue.documents(yaml: "") == [])
    }

    @Test("anchors and merged mappings; own members win")
    func merge() throws {
        let text = "base: &b {x: 1, z: 2}\nuse:\n  <<: *b\n  z: 3\n"
        #expect(try JSONValue(yaml: text)["use"] == ["x": 1, "z": 3])
    }

    @Test("an alias bomb is refused")
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let uses = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(uses)]\n"
        }
        #expect(throws: YAMLError.self) { try JSONValue(yaml: text) }
    }

    static let keyBombs = ["? *a9\n: x", "*a9 : x", "{*a9 : x}", "z: {*a9}", "z: {b: 1, *a9}", "[*a9]: x", "{? *a9}"]

    @Test("an alias bomb in a key is refused before it is hashed", arguments: keyBombs)
    func keyBomb(key: String) {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let uses = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(uses)]\n"
        }
        let error = #expect(throws: YAMLError.self) { try JSONValue(yaml: text + key) }
        #expect(error?.problem.contains("many aliases") == true)
    }

    @Test("many aliases as values are fine")
    func aliases() throws {
        let list = Array(repeating: "- *a", count: 100).joined(separator: "\n")
        let value = try JSONValue(yaml: "base: &a {}\nlist:\n\(list)\ntext: \"a? b\"\n")
        #expect(value["list"]?.arrayValue?.count == 100)
    }

    @Test("nesting has a limit", arguments: ["[", "{a: ", "- "])
    func depth(opening: String) {
        #expect(throws: YAMLError.self) { try JSONValue(yaml: String(repeating: opening, count: 100_000)) }
    }

    @Test("an error says where", arguments: [("a: [1, 2", 1), ("a: 1\n b: 2", 2), ("a: 1\na: 2", 1)])
    func errors(text: String, line: Int) throws {
        let error = try #require(throws: YAMLError.self) { try JSONValue(yaml: text) }
        #expect(error.line != nil)
        #expect((error.line ?? 0) >= line)
    }

    @Test("infinity has no JSON")
    func infinity() {
        #expect(throws: YAMLError.self) { try JSONValue(yaml: "a: .inf") }
    }
}

@Suite("YAML is written as kubectl writes it")
struct YAMLWritingTests {
    @Test("block style, lists below their key, quotes where they are needed")
    func shape() {
        let value: JSONValue = [
            "b": [["x": 1, "y": ["z"]], []], "a": ["k": "v"], "c": "yes", "d": "line\nline\n", "e": [:], "f": "",
        ]
        #expect(
            value.yaml() == """
                a:
                  k: v
                b:
                - x: 1
                  "y":
                  - z
                - []
                c: "yes"
                d: |
                  line
                  line
                e: {}
                f: ""

                """)
    }

    @Test("strings are written as kubectl writes them", arguments: KubectlOracle.written)
    func oracle(text: String, yaml: String) throws {
        let value: JSONValue = ["v": .string(text)]
        #expect(value.yaml() == "v: \(yaml.replacing("\n    ", with: "\n  "))\n")
        #expect(try JSONValue(yaml: value.yaml()) == value)
    }

    @Test("what is written is read as the same", arguments: 1...20)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededRandom(seed: seed)
        for _ in 0..<50 {
            let value = generator.value(depth: 4)
            #expect(try JSONValue(yaml: value.yaml()) == value, "seed \(seed): \(value.text)\n\(value.yaml())")
        }
    }
}

extension SeededRandom {
    private static let texts = [
        "", "a", "yes", "1", "1.5", "- a", "-a", "a: b", "a #b", "#a", " a", "a ", "a\nb", "a\n\n", "\n", "\ta", "'",
        "\"",
        "\\", "{a}", "[a]", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "?", "? a", "a:", "~", "null", "é", "日本", "🐦",
        "\u{0}", "\u{7F}", "a\u{2028}b", "---", "...", "0x10", "1:30", "2001-12-14T00:00:00Z", "<<", "=", "a\r\nb",
        "  x\ny", "x \ny",
    ]

    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return .number(JSONNumber(Int.random(in: -1000...1000, using: &self)))
        case 3, 4: return .string(text())
        case 5: return .array((0..<Int.random(in: 0...3, using: &self)).map { _ in value(depth: depth - 1) })
        default:
            return .object(
                JSONObject((0..<Int.random(in: 0...3, using: &self)).map { _ in (text(), value(depth: depth - 1)) }))
        }
    }

    private mutating func text() -> String {
        let count = Int.random(in: 1...2, using: &self)
        return (0..<count).map { _ in Self.texts.randomElement(using: &self) ?? "" }.joined()
    }
}
