import Testing

@testable import JSONModel

@Suite("JSON values")
struct JSONValueTests {
    @Test func settingAPathMakesTheObjectsOnTheWay() {
        var value: JSONValue = [:]
        value[path: "a", "b"] = 1
        #expect(value == ["a": ["b": 1]])
        value[path: "a", "b"] = nil
        #expect(value == ["a": [:]])
        value[path: "x", "y", "z"] = nil
        #expect(value == ["a": [:]])
    }

    @Test func pathsLeadThroughLists() {
        var value: JSONValue = ["list": [["a": 1], ["a": 2]]]
        value[["list", 1, "a"]] = 3
        #expect(value[["list", 1, "a"]] == 3)
        value[["list", 0]] = nil
        #expect(value == ["list": [["a": 3]]])
        value[["list", 7, "a"]] = 1
        #expect(value == ["list": [["a": 3]]])
        #expect(value[["list", -1]] == nil)
    }

    @Test func absentIsNotNull() {
        let value: JSONValue = ["a": .null]
        #expect(value["a"] == .some(.null))
        #expect(value["b"] == nil)
        var copy = value
        copy["a"] = nil
        #expect(copy == [:])
    }

    @Test func filteringInPlaceChangesAndDrops() {
        var object: JSONObject = ["a": 1, "b": 2, "c": 3, "d": 4]
        object.filterInPlace { key, value in
            if key == "d" { value = 40 }
            return key == "b" || key == "d"
        }
        #expect(object == ["b": 2, "d": 40])
    }

    @Test(
        arguments: [
            (1, 1.0, true), ([1], [1.0], true), (["a": 1], ["a": 2], false), ("1", 1, false), (.null, false, false),
            ([1, 2], [1], false), (["a": 1], ["b": 1], false), (true, true, true),
        ] as [(JSONValue, JSONValue, Bool)])
    func equivalenceComparesNumbersBySize(left: JSONValue, right: JSONValue, expected: Bool) {
        #expect(left.isEquivalent(to: right) == expected)
    }

    @Test(arguments: [
        ("1", "1e0", true), ("100", "1e2", true), ("12345678901234567890", "12345678901234567891", false),
        ("0", "-0", true), ("0.1", "1e-1", true), ("1", "2", false),
    ])
    func numbersAreEquivalentBySize(left: String, right: String, expected: Bool) {
        #expect(JSONNumber(literal: left).isEquivalent(to: JSONNumber(literal: right)) == expected)
    }

    @Test func countingStopsAtTheLimit() {
        let value: JSONValue = [[1, 2], ["a": [3]]]
        #expect(value.nodeCount(upTo: 100) == 7)
        #expect(value.nodeCount(upTo: 3) <= 4)
    }

    /// The examples of RFC 7386, appendix A.
    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#), (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#),
        ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#), ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ])
    func mergePatches(document: String, patch: String, result: String) throws {
        let merged = try JSONValue(parsing: document).merging(patch: JSONValue(parsing: patch))
        #expect(merged.text == result)
    }
}
