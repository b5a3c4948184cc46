import Randomness
import Testing

@testable import ServingAPI

@Suite("Regular expressions of routes")
struct RegularExpressionTests {
    @Test(
        "It matches the whole text or not at all",
        arguments: [
            ("^/inference\\.GRPCInferenceService/.*$", ["/inference.GRPCInferenceService/ModelInfer"], ["/inferenceX"]),
            (
                "/v[12]/models/[^/]+(:explain)?", ["/v1/models/a", "/v2/models/b:explain"],
                ["/v3/models/a", "/v1/models/"]
            ),
            ("a{2,3}", ["aa", "aaa"], ["a", "aaaa"]), ("a{2}", ["aa"], ["a", "aaa"]),
            ("a{2,}", ["aa", "aaaaa"], ["a"]),
            ("(?i)abc", ["ABC", "aBc"], ["abd"]), ("\\d+\\.\\w*", ["12.ab_9", "1."], ["a.1", "12"]),
            ("a|b|", ["a", "b", ""], ["c", "ab"]), ("(?:ab)+?", ["ab", "abab"], ["", "aba"]),
            ("[]a-]+", ["]a-"], ["b"]), ("[^\\d]", ["x"], ["1", ""]), (".*", ["", "anything"], ["two\nlines"]),
            ("^a$|^b$", ["a", "b"], ["ab"]), ("()*", [""], ["a"]), ("a\\{1\\}", ["a{1}"], ["a"]),
        ])
    func matches(pattern: String, good: [String], bad: [String]) throws {
        let expression = try RegularExpression(pattern)
        for text in good { #expect(expression.matches(text), "\(pattern) takes \(text)") }
        for text in bad { #expect(!expression.matches(text), "\(pattern) does not take \(text)") }
    }

    @Test(
        "What it cannot do in one pass, or at all, is refused with the reason",
        arguments: [
            ("(a", "without a )"), ("a)", "without a ("), ("[a", "without a ]"), ("*a", "repetition of nothing"),
            ("a{3,2}", "n <= m"), ("a{1001}", "1000"), ("(?=a)", "(?:"), ("\\1", "not supported"),
            ("\\b", "not supported"),
            ("a^b", "middle"), ("a\\", "backslash"), ("[[:alpha:]]", "named"), ("[z-a]", "range"),
            ("(a|b)*a(a|b){12}", "automaton"), ("(((a{100}){100}){100}){100}", "too long"),
        ])
    func refused(pattern: String, why: String) {
        let problem = #expect(throws: RegularExpression.Problem.self) { _ = try RegularExpression(pattern) }
        #expect(problem?.why.contains(why) == true, "\(problem?.why ?? "")")
    }

    @Test("Nothing repeated however often is nothing, and done at once")
    func empty() throws {
        let pattern = String(repeating: "(", count: 40) + String(repeating: "){1000}", count: 40)
        #expect(try RegularExpression(pattern).matches(""))
    }

    @Test("It says what Swift's own expressions say")
    func differential() throws {
        var random = SeededRandom()
        let atoms = ["a", "b", ".", "[ab]", "[^a]", "(a|b)", "(ab)"]
        let endings = ["", "", "*", "+", "?", "{2}", "{0,2}"]
        for _ in 0..<200 {
            let pattern = (0...random.below(4)).map { _ in random.one(of: atoms) + random.one(of: endings) }.joined()
            let (ours, theirs) = (try RegularExpression(pattern), try Regex(pattern))
            for _ in 0..<20 {
                let text = (0..<random.below(7)).map { _ in random.one(of: ["a", "b", "c"]) }.joined()
                let expected = text.wholeMatch(of: theirs) != nil
                #expect(ours.matches(text) == expected, "\(pattern) on \(text), seed \(random.seed)")
            }
        }
    }
}
