import JSONModel
import Randomness
import Testing

@testable import ServingAPI

@Suite("Conditions in GJSON's syntax") struct GJSONPathTests {
    private static let json: JSONValue = [
        "name": ["first": "Tom", "last": "Anderson"], "age": 37, "fav.movie": "Deer Hunter",
        "children": ["Sara", "Alex", "Jack"], "none": .null,
        "friends": [
            ["first": "Dale", "last": "Murphy", "age": 44, "nets": ["ig", "fb"]],
            ["first": "Roger", "last": "Craig", "age": 68, "nets": ["fb", "tw"], "on": true],
            ["first": "Jane", "last": "Murphy", "age": 47, "nets": ["ig", "tw"]],
        ],
    ]

    @Test(
        "Paths lead where GJSON's own page says",
        arguments: [
            ("name.last", #""Anderson""#), ("age", "37"), ("children.#", "3"), ("children.1", #""Alex""#),
            ("child*.2", #""Jack""#), ("c?ildren.0", #""Sara""#), (#"fav\.movie"#, #""Deer Hunter""#),
            ("friends.#.first", #"["Dale","Roger","Jane"]"#), ("friends.1.last", #""Craig""#), ("none", "null"),
            (#"friends.#(last=="Murphy").first"#, #""Dale""#),
            (#"friends.#(last=="Murphy")#.first"#, #"["Dale","Jane"]"#),
            ("friends.#(age>45)#.last", #"["Craig","Murphy"]"#),
            (#"friends.#(first%"D*").last"#, #""Murphy""#), (#"friends.#(first!%"D*").last"#, #""Craig""#),
            (#"friends.#(nets.#(=="fb"))#.first"#, #"["Dale","Roger"]"#), ("children.#(!=Sara)", #""Alex""#),
            ("[@this].#(age==37).name.first", #""Tom""#), ("friends.#(on==true).first", #""Roger""#),
            ("friends.#(on).first", #""Roger""#), ("@this.name|first", #""Tom""#),
            ("friends.#(age <= 44).first", #""Dale""#),
            ("friends.#(first==Nobody)#", "[]"),
        ])
    func values(path: String, expected: String) throws {
        let value = try #require(try GJSONPath(path).value(in: Self.json))
        #expect(value == (try JSONValue(parsing: Array(expected.utf8))))
    }

    @Test(
        "What is not there has no value",
        arguments: [
            "nothing", "name.middle", "children.3", "children.-1", "age.x", #"friends.#(last=="Nobody")"#, "name.#",
            "friends.#(age>100).first", "[@this].#(age==38)", "name.#(first==Tom)",
        ])
    func absent(path: String) throws { #expect(try GJSONPath(path).value(in: Self.json) == nil) }

    @Test(
        "What cannot be read is refused, with the reason",
        arguments: [
            ("", "a step without a name"), ("a.", "a step without a name"), ("a.#(b==1", "a query without its )"),
            ("[a", "a [ without its ]"), ("{a}", "not supported"), ("@reverse", "only @this"), ("a.#(b==~true)", "~"),
            (#"a.#(b=="x)"#, "closing quote"), ("a)", "should end"), (#"a\"#, "ends with"),
            (String(repeating: "#(", count: 40), "nested too deeply"),
        ])
    func refused(path: String, why: String) {
        let problem = #expect(throws: GJSONPath.Problem.self) { try GJSONPath(path) }
        #expect(problem?.why.contains(why) == true, "\(problem?.why ?? "")")
    }

    @Test func `no text makes it fall`() {
        var random = SeededRandom(seed: 11)
        let pieces = [
            "a", "#", "(", ")", "[", "]", "{", ".", "|", "==", "%", "\"", "\\", "*", "?", "@this", " ", "~", "1", ",",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }.joined()
            _ = try? GJSONPath(text).value(in: Self.json)
        }
    }
}
