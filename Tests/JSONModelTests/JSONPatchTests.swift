import Testing

@testable import JSONModel

@Suite("JSON Patch")
struct JSONPatchTests {
    func apply(_ patch: String, to document: String) throws -> String {
        try JSONPatch(JSONValue(parsing: patch)).applied(to: JSONValue(parsing: document)).text
    }

    /// The examples of RFC 6902, appendix A.
    @Test(arguments: [
        (#"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux"}]"#, #"{"baz":"qux","foo":"bar"}"#),
        (#"{"foo":["bar","baz"]}"#, #"[{"op":"add","path":"/foo/1","value":"qux"}]"#, #"{"foo":["bar","qux","baz"]}"#),
        (#"{"baz":"qux","foo":"bar"}"#, #"[{"op":"remove","path":"/baz"}]"#, #"{"foo":"bar"}"#),
        (#"{"foo":["bar","qux","baz"]}"#, #"[{"op":"remove","path":"/foo/1"}]"#, #"{"foo":["bar","baz"]}"#),
        (
            #"{"baz":"qux","foo":"bar"}"#, #"[{"op":"replace","path":"/baz","value":"boo"}]"#,
            #"{"baz":"boo","foo":"bar"}"#
        ),
        (
            #"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
            #"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
            #"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#
        ),
        (
            #"{"foo":["all","grass","cows","eat"]}"#, #"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#,
            #"{"foo":["all","cows","eat","grass"]}"#
        ),
        (
            #"{"baz":"qux","foo":["a",2,"c"]}"#,
            #"[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]"#,
            #"{"baz":"qux","foo":["a",2,"c"]}"#
        ),
        (
            #"{"foo":"bar"}"#, #"[{"op":"add","path":"/child","value":{"grandchild":{}}}]"#,
            #"{"child":{"grandchild":{}},"foo":"bar"}"#
        ),
        (
            #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux","xyz":123}]"#, #"{"baz":"qux","foo":"bar"}"#
        ),
        (
            #"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":10}]"#, #"{"/":9,"~1":10}"#
        ),
        (
            #"{"foo":["bar"]}"#, #"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#,
            #"{"foo":["bar",["abc","def"]]}"#
        ),
        (#"{"a":1}"#, #"[{"op":"replace","path":"","value":[1]},{"op":"copy","from":"","path":"/0"}]"#, "[[1],1]"),
    ])
    func examples(document: String, patch: String, result: String) throws {
        #expect(try apply(patch, to: document) == result)
    }

    @Test func agreesWithPythonsJSONPatch() throws {
        let lines = JSONPatchOracle.cases.split(separator: "\n").map(String.init)
        for index in stride(from: 0, to: lines.count - 2, by: 3) {
            let result = try? apply(lines[index + 1], to: lines[index])
            #expect(result ?? "refused" == lines[index + 2], "\(lines[index]) \(lines[index + 1])")
        }
        #expect(lines.count == 330)
    }

    @Test(arguments: [
        (#"{}"#, "a JSON patch must be an array of operations, not object"),
        (#"[1]"#, "operation 0: an operation must be an object, not integer"),
        (#"[{}]"#, "operation 0: \"op\" is missing"), (#"[{"op":"add"}]"#, "operation 0: \"path\" is missing"),
        (#"[{"op":"add","path":"/a"}]"#, "operation 0: \"add\" needs a \"value\""),
        (#"[{"op":"move","path":"/a"}]"#, "operation 0: \"from\" is missing"),
        (
            #"[{"op":"put","path":"/a","value":1}]"#,
            "operation 0: \"op\" must be one of add, remove, replace, move, copy, test; it is \"put\""
        ),
        (
            #"[{"op":"remove","path":"/x"},{"op":"remove","path":"a"}]"#,
            "operation 1: \"path\" is not a JSON pointer: \"a\" (write /a/b, with ~1 for / and ~0 for ~)"
        ),
        (#"[{"op":"remove","path":"/x"}]"#, "operation 0: \"/x\" does not exist"),
        (#"[{"op":"add","path":"/list/2","value":1}]"#, "operation 0: \"/list/2\": the index must be 0 to 1, or -"),
        (
            #"[{"op":"test","path":"/list/0","value":2}]"#, "operation 0: test failed: \"/list/0\" is 1, not 2"
        ),
        (
            #"[{"op":"move","from":"/list","path":"/list/0"}]"#,
            "operation 0: \"/list\" cannot be moved into itself, to \"/list/0\""
        ),
    ])
    func anErrorNamesTheOperation(patch: String, message: String) {
        let error = #expect(throws: JSONPatchError.self) { try apply(patch, to: #"{"list":[1]}"#) }
        #expect(error?.description == message)
        #expect(error?.isFailedTest == message.contains("test failed"))
    }

    @Test func aSmallPatchCannotMakeALargeDocument() {
        let doublings = (0..<40).map { #"{"op":"copy","from":"","path":"/a\#($0)"}"# }.joined(separator: ",")
        #expect(throws: JSONPatchError.self) { try apply("[\(doublings)]", to: #"{"x":1}"#) }
        let many = Array(repeating: #"{"op":"test","path":"","value":{}}"#, count: 10_001).joined(separator: ",")
        #expect(throws: JSONPatchError.self) { try apply("[\(many)]", to: "{}") }
    }

    @Test func nestingHasALimit() {
        let deep = String(repeating: "/a", count: 500)
        let value = String(repeating: #"{"a":"#, count: 500) + "1" + String(repeating: "}", count: 500)
        #expect(throws: JSONPatchError.self) {
            try apply(#"[{"op":"replace","path":"\#(deep)","value":\#(value)}]"#, to: value)
        }
    }

    @Test(arguments: ["", "/", "/a/b", "/a~1b/~0/0", "//"])
    func pointersAreWrittenAsTheyWereRead(text: String) {
        #expect(JSONPointer(parsing: text)?.description == text)
    }

    @Test(arguments: ["a", "/a~", "/~2", "/~~0"])
    func malformedPointersAreRefused(text: String) {
        #expect(JSONPointer(parsing: text) == nil)
    }
}
