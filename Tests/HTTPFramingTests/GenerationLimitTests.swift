import Testing

@testable import HTTPFraming

@Suite("How many tokens a request allows its answer")
struct GenerationLimitTests {
    @Test(
        "the first of the three names counts, and text never does",
        arguments: [
            (#"{"model":"m","max_tokens":16}"#, 16), (#"{"max_completion_tokens" : 7, "x":1}"#, 7),
            (#"{"max_output_tokens":9}"#, 9), (#"{"messages":[{"content":"\"max_tokens\":5"}]}"#, nil),
            (#"{"content":"max_tokens","max_tokens":3}"#, 3), (#"{"max_tokens":null}"#, nil), (#"{"max_tokens":"#, nil),
            (#"{"max_tokens":99999999999}"#, 1_000_000), ("", nil), (#"""#, nil),
        ])
    func finds(body: String, expected: Int?) {
        let found = GenerationLimit.find(in: Array(body.utf8).span)
        #expect(found == expected)
    }
}

@Suite("The Authorization field of a head")
struct AuthorizationFieldTests {
    @Test(
        "is found as a whole line, with the token of the scheme Bearer",
        arguments: [
            ("Authorization: Bearer abc", "abc"), ("authorization:bearer  abc ", "abc"),
            ("AUTHORIZATION: BEARER a.b", "a.b"),
            ("Authorization: Basic abc", nil), ("Authorization: Bearer", nil),
        ])
    func finds(line: String, token: String?) throws {
        let head = Array("GET / HTTP/1.1\r\nHost: a\r\n\(line)\r\nX: authorization: Bearer x\r\n".utf8)
        let found = AuthorizationField(head.span)
        let field = try #require(found)
        #expect(String(decoding: head[field.line], as: UTF8.self) == line + "\r\n")
        #expect(field.bearer.map { String(decoding: head[$0], as: UTF8.self) } == token)
    }

    @Test("two of them are none")
    func several() {
        let found = AuthorizationField(Array("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n".utf8).span)
        #expect(found == nil)
    }
}
