import JSONModel
import Randomness
import Testing

/// Members that are there more than once.
struct JSONDuplicatesTests {
    @Test(
        arguments: [
            (#"{"a":1,"b":2}"#, []), (#"[1,"x",null]"#, []), ("3", []),
            (#"{"a":1,"a":2}"#, ["a"]), (#"{"a":1,"a":2,"a":3}"#, ["a"]),
            (#"{"spec": {"size": 1 , "size": 2}, "spec": {}}"#, ["spec.size", "spec"]),
            (#"{"parts":[{"name":"x"},{"name":"y","name":"z"}]}"#, ["parts[1].name"]),
            (#"{"a":[[],[{"b":{},"b":"}{\"[,"}]]}"#, ["a[1][0].b"]),
            (#"{"a":true,"\u0061":false}"#, ["a"]), (#"{"x\\\"":1,"x\\\"":2}"#, ["x\\\""]),
        ] as [(String, [String])])
    func areFound(text: String, paths: [String]) throws {
        let (value, duplicates) = try JSONDuplicates.parse(Array(text.utf8))
        #expect(duplicates.paths == paths)
        #expect(try value == JSONValue(parsing: text), "the value is the same as ever")
    }

    @Test(arguments: ["", "{", #"{"a":1,"a"}"#, #"{"a":1,"a":2"#])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(throws: JSONParseError.self) { try JSONDuplicates.parse(Array(text.utf8)) }
    }

    @Test func anyJSONIsReadToItsEnd() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<500 {
            let value = JSONValue.random(depth: 4, using: &random)
            let text = #"{"a":"# + value.text + #","b":[],"a":"# + value.text + "}"
            #expect(try JSONDuplicates.parse(Array(text.utf8)).duplicates.paths.contains("a"))
        }
    }
}
