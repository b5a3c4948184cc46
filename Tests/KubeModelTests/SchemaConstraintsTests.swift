import JSONModel
import Testing

@testable import KubeModel

@Suite struct SchemaConstraintsTests {
    static func schema(_ text: String) throws -> Schema { Schema(json: try JSONValue(parsing: Array(text.utf8))) }

    @Test(
        "Each word of JSON Schema refuses what it should, and nothing else",
        arguments: [
            (#"{"type":"integer","minimum":2,"exclusiveMinimum":true}"#, ["3"], ["2", "1"]),
            (#"{"type":"number","maximum":2,"exclusiveMaximum":true}"#, ["1.9"], ["2", "3"]),
            (#"{"type":"integer","multipleOf":3}"#, ["0", "-6", "9"], ["1"]),
            (#"{"type":"object","minProperties":1,"additionalProperties":{"type":"string"}}"#, [#"{"a":"b"}"#], ["{}"]),
            (#"{"type":"object","maxProperties":1}"#, ["{}"], [#"{"a":1,"b":2}"#]),
            (#"{"type":"integer","enum":[1,2]}"#, ["1", "2.0"], ["3"]),
            (#"{"type":"string","enum":["a","b"]}"#, [#""a""#], [#""c""#]),
            (#"{"type":"string","not":{"pattern":"^x"}}"#, [#""ax""#], [#""xa""#]),
            (
                #"{"type":"string","anyOf":[{"maxLength":1},{"pattern":"^ab"}]}"#, [#""x""#, #""abc""#], [#""xyz""#]
            ),
            (
                #"{"type":"object","oneOf":[{"required":["a"]},{"required":["b"]}]}"#, [#"{"a":1}"#],
                ["{}", #"{"a":1,"b":1}"#]
            ),
            (#"{"type":"string","allOf":[{"minLength":2},{"maxLength":3}]}"#, [#""ab""#], [#""a""#, #""abcd""#]),
            (#"{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"set"}"#, ["[]"], [#"["a","a"]"#]),
            (#"{"x-kubernetes-int-or-string":true}"#, ["1", #""1""#], ["true", "1.5"]),
            (#"{"type":"string","nullable":true}"#, ["null"], ["1"]),
        ])
    func words(schema: String, good: [String], bad: [String]) throws {
        let schema = try Self.schema(schema)
        for text in good { #expect(schema.validate(try value(text), at: FieldPath("x")).isEmpty, "\(text)") }
        for text in bad { #expect(!schema.validate(try value(text), at: FieldPath("x")).isEmpty, "\(text)") }
    }

    @Test(
        "Formats are held to",
        arguments: [
            ("ipv4", ["10.0.0.1"], ["10.0.0", "256.1.1.1", "01.1.1.1"]),
            ("ipv6", ["::1", "fe80::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"], ["1:2", "1::2::3", ":::", "12345::"]),
            ("cidr", ["10.0.0.0/8", "fd00::/8"], ["10.0.0.0", "10.0.0.0/33"]),
            ("uuid", ["123e4567-e89b-12d3-a456-426614174000"], ["123"]),
            ("date", ["2026-01-31"], ["2026-13-01", "today"]), ("duration", ["1h30m", "0"], ["soon"]),
            ("hostname", ["a.example.com"], ["a_b", ""]), ("email", ["a@example.com"], ["a"]),
            ("date-time", ["2026-01-31T12:00:00Z"], ["2026-01-31"]), ("mac", ["00:11:22:33:44:55"], ["00:11"]),
            ("byte", ["YQ=="], ["a?"]), ("password", ["anything"], []),
        ])
    func formats(format: String, good: [String], bad: [String]) {
        let schema = Schema.string.with { $0.format = format }
        for text in good { #expect(schema.validate(.string(text), at: FieldPath("x")).isEmpty, "\(text)") }
        for text in bad { #expect(!schema.validate(.string(text), at: FieldPath("x")).isEmpty, "\(text)") }
    }

    @Test("An embedded resource says what it is")
    func embedded() throws {
        let schema = try Self.schema(
            #"{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}"#)
        #expect(schema.validate(["a": 1], at: FieldPath("x")).map(\.field) == ["x.apiVersion", "x.kind"])
        #expect(schema.validate(["apiVersion": "v1", "kind": "Pod"], at: FieldPath("x")).isEmpty)
    }

    @Test("A schema that was read is written again as it was")
    func roundTrip() throws {
        let text = """
            {"type":"object","description":"d","required":["a"],"minProperties":1,"properties":{\
            "a":{"type":"integer","minimum":1,"exclusiveMinimum":true,"default":3,"title":"t"},\
            "b":{"type":"array","items":{"type":"string"},"x-kubernetes-list-type":"set",\
            "x-kubernetes-patch-strategy":"merge"},\
            "c":{"oneOf":[{"required":["x"]}],"type":"object","x-kubernetes-validations":[{"rule":"self.x > 1"}]},\
            "d":{"type":"object","additionalProperties":{"type":"boolean"}}}}
            """
        let json = try JSONValue(parsing: Array(text.utf8))
        #expect(Schema(json: json).openAPI == json)
    }

    private func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }
}
