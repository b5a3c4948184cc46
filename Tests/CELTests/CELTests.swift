import JSONModel
import Randomness
import Testing

@testable import CEL

@Suite struct CELTests {
    static let variables: [String: CELValue] = [
        "self": CELValue(json: [
            "a": 1, "b": "text", "list": [1, 2, 3], "map": ["x": 1, "y": 2], "nested": ["deep": ["z": true]],
            "names": ["ann", "bob"], "half": 0.5,
        ])
    ]

    static func evaluate(_ text: String) throws(CELError) -> CELValue {
        var budget = 100_000
        return try CELProgram(text, variables: ["self"]).evaluate(variables, budget: &budget)
    }

    @Test(
        "True is true",
        arguments: [
            "1 + 2 * 3 == 7", "(1 + 2) * 3 == 9", "7 % 4 == 3", "-7 / 2 == -3", "7.0 / 2.0 == 3.5", "1 == 1.0",
            "1u < 2",
            "2 > 1 && !(1 > 2)", "1 > 2 || true", "true ? true : false", "'a' + \"b\" == 'ab'", "r'\\d' == '\\\\d'",
            "'''a\n'b''' == 'a\\n\\'b'", "0x1F == 31", "1e3 == 1000.0", "-9223372036854775808 < 0", "b'ab' == b'ab'",
            "[1, 2] + [3] == [1, 2, 3]", "2 in [1, 2]", "'x' in self.map", "{'a': 1}['a'] == 1", "{'a': 1,}.a == 1",
            "[1,2,][1] == 2", "self.list[0] == 1", "self.nested.deep.z", "has(self.a) && !has(self.c)",
            "has(self.nested.deep)", "self.?c.orValue('none') == 'none'", "self.?nested.deep.z.orValue(false)",
            "self.list[?9].hasValue() == false", "optional.of(1).value() == 1", "size(self.b) == 4",
            "self.list.size() == 3", "self.map.size() == 2", "self.list.all(x, x > 0)", "self.list.exists(x, x == 3)",
            "self.list.exists_one(x, x > 2)", "self.list.map(x, x * 2) == [2, 4, 6]",
            "self.list.map(x, x > 1, x * 2) == [4, 6]", "self.list.filter(x, x != 2) == [1, 3]",
            "self.map.all(k, k in ['x', 'y'])", "[[1], [2]].all(x, x.exists(y, y > 0))",
            "cel.bind(n, self.a + 1, n * n == 4)", "'abc'.contains('b')", "'abc'.startsWith('ab')",
            "'abc'.endsWith('c')",
            "'abc123'.matches('^[a-z]+[0-9]{3}$')", "matches('ab', 'b')", "'a1b22'.find('[0-9]+') == '1'",
            "'a1b22'.findAll('[0-9]+') == ['1', '22']", "'Ab'.lowerAscii() == 'ab'", "'Ab'.upperAscii() == 'AB'",
            "' a '.trim() == 'a'", "'a,b,c'.split(',') == ['a', 'b', 'c']", "'a,b,c'.split(',', 2) == ['a', 'b,c']",
            "'aaa'.replace('a', 'b') == 'bbb'", "'aaa'.replace('a', 'b', 2) == 'bba'", "'abc'.substring(1) == 'bc'",
            "'abc'.substring(1, 2) == 'b'", "'abc'.charAt(1) == 'b'", "'abcb'.indexOf('b') == 1",
            "'abcb'.lastIndexOf('b') == 3", "['a', 'b'].join('-') == 'a-b'", "[1, 2, 2].isSorted()",
            "[1, 2].sum() == 3",
            "[3, 1].min() == 1", "[3, 1].max() == 3", "[1, 1, 2].distinct() == [1, 2]",
            "sets.contains([1, 2], [1])", "sets.intersects([1, 2], [2, 3])", "sets.equivalent([1, 2, 2], [2, 1])",
            "math.greatest(1, 3, 2) == 3", "int('5') == 5", "string(5) == '5'", "double(1) == 1.0", "uint(1) == 1u",
            "type(1) == int", "type('a') == string", "bool('true')", "bytes('a') == b'a'",
            "timestamp('2026-01-01T00:00:00Z') < timestamp('2026-01-01T00:00:01Z')",
            "timestamp('2026-01-01T01:00:00+01:00') == timestamp('2026-01-01T00:00:00Z')",
            "timestamp('2026-01-01T00:00:00Z') + duration('1h') == timestamp('2026-01-01T01:00:00Z')",
            "timestamp('2026-02-03T04:05:06Z').getMonth() == 1",
            "timestamp('2026-02-03T04:05:06Z').getDayOfWeek() == 2",
            "string(timestamp('1969-12-31T23:59:59Z')) == '1969-12-31T23:59:59Z'",
            "timestamp('2024-02-29T00:00:00Z').getDayOfYear() == 59", "duration('90m').getHours() == 1",
            "string(duration('1.5s')) == '1.5s'", "duration('1h30m') == duration('90m')", "null == null",
            "self.half < 1",
            "self.missing == 1 || true", "true || self.missing == 1", "!(false && self.missing == 1)",
            "self.list.exists(x, x / (x - 1) == 2)", "// a comment\ntrue", "dyn(1) == 1", "'é'.size() == 1",
            "'\\u00e9' == 'é'", "\"\\x41\" == 'A'",
            "isIP('10.0.0.1') && isIP('::1') && !isIP('10.0.0') && !isIP('1::2::3')",
            "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33')", "isURL('https://a/b') && !isURL('a b')",
        ])
    func holds(text: String) throws { #expect(try Self.evaluate(text) == .bool(true), "\(text)") }

    @Test(
        "What has no value is an error",
        arguments: [
            ("self.missing", "no such key: missing"), ("self.list[9]", "index out of bounds: 9"),
            ("1 / 0 == 1", "division by zero"), ("9223372036854775807 + 1 > 0", "integer overflow"),
            ("1 + 'a' == ''", "no such overload: int + string"), ("'a' < 1", "no such overload: string < int"),
            ("1 && true", "no such overload: && on int"), ("self.b.all(x, true)", "no such overload: all() on string"),
            ("'a'.matches('(')", "( is no regular expression"), ("int('x') == 1", "type conversion error"),
            ("'abc'.substring(2, 1) == ''", "index out of range"), ("[].max() == 1", "max called on empty list"),
            ("timestamp('2262-04-11T23:47:16.999999999Z') == null", "too far away"),
            ("timestamp('now') == null", "is no time"), ("self.list.map(x, x.y)", "selection of a field of int"),
        ])
    func errors(text: String, message: String) {
        do {
            let value = try Self.evaluate(text)
            Issue.record("\(text) is \(value)")
        } catch { #expect(error.description.contains(message), "\(error)") }
    }

    @Test(
        "What cannot be read, or mentions what is not there, is refused before it is evaluated",
        arguments: [
            "", "1 +", "(1", "self..a", "'open", "1 ? 2", "[1 2]", "self.a.frobnicate()", "other.x", "f(1)",
            "has(self)",
            "self.list.all(1, true)", "99999999999999999999", "#", "x", "'\\q'",
        ])
    func unreadable(text: String) {
        #expect(throws: CELError.self) { try CELProgram(text, variables: ["self"]) }
    }

    @Test("Nesting has a bound")
    func nesting() {
        for (open, close) in [("(", ")"), ("[", "]"), ("!", ""), ("-", "")] {
            let text = String(repeating: open, count: 5000) + "1" + String(repeating: close, count: 5000)
            #expect(throws: CELError.self) { try CELProgram(text, variables: []) }
        }
    }

    @Test("An evaluation ends when its budget does")
    func budget() throws {
        let digits = "[0,1,2,3,4,5,6,7,8,9]"
        let program = try CELProgram(
            "\(digits).all(a, \(digits).all(b, \(digits).all(c, \(digits).all(d, a + b + c + d < 100))))", variables: []
        )
        var budget = 1000
        #expect(throws: CELError.self) { try program.evaluate([:], budget: &budget) }
        budget = 10_000_000
        #expect(try program.evaluate([:], budget: &budget) == .bool(true))
        #expect(budget < 10_000_000)
    }

    @Test("A program tells which variables it mentions")
    func mentions() throws {
        let known: Set<String> = ["self", "oldSelf"]
        #expect(try CELProgram("self.all(oldSelf, oldSelf > 1)", variables: known).variables == ["self"])
        #expect(try CELProgram("self == oldSelf", variables: known).variables == known)
    }

    @Test(
        "An expression may be long, but not so long that it cannot be walked",
        arguments: [("+1", true), ("+1", false), (".a", false), ("||true", false)])
    func length(link: String, isShort: Bool) {
        let text = (link == "+1" ? "1" : "self") + String(repeating: link, count: isShort ? 900 : 100_000)
        if isShort {
            #expect(throws: Never.self) { try Self.evaluate(text) }
        } else {
            let error = #expect(throws: CELError.self) { try Self.evaluate(text) }
            #expect(error?.description.contains("more than 2000 words") == true)
        }
    }

    @Test("Any text is read or refused, and nothing else happens")
    func fuzz() {
        var random = SeededRandom()
        let pieces = [
            "self", ".a", "[0]", "(", ")", "[", "]", "{", "}", "+", "-", "!", "&&", "||", "? ", ":", ",", "'x'", "1",
            "1.5",
            "has", ".all(", "x", " in ", "==", "<", "\"", "\\", "size(", "?.", ".?b", "2u", "0x", "b'", "null", "é",
        ]
        print("seed \(random.seed)")
        var values = 0
        for _ in 0..<FuzzRun.iterations(2000) {
            let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }.joined()
            if (try? Self.evaluate(text)) != nil { values += 1 }
        }
        #expect(values > 0)
    }
}
