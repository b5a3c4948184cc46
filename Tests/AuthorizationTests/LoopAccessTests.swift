import Activation
import HTTPFraming
import KubeAccess
import KubeModel
import Testing

@testable import Authorization

@Suite("One event loop's side of authorization")
struct LoopAccessTests {
    let epoch = AccessEpoch()
    let policy = RoutePolicy(service: ObjectKey(namespace: "default", name: "m"))
    let start = MonotonicTime(nanoseconds: 0)

    private func head(_ fields: String...) -> [UInt8] {
        Array(("POST /v1 HTTP/1.1\r\nHost: m\r\n" + fields.map { $0 + "\r\n" }.joined()).utf8)
    }

    private func judge(
        _ access: inout LoopAccess<Int>, _ waiter: Int = 0, _ token: String = "abc", after seconds: Int = 0
    ) -> LoopAccess<Int>.Answer {
        let head = head("Authorization: Bearer \(token)")
        return access.judge(policy, head: head.span, waiter: waiter, at: start.advanced(by: .seconds(seconds)))
    }

    private static let yes = Outcome(.allowed(Grant(user: "u")), lifetime: .seconds(60))
    private static let no = Outcome(.denied(.undecided("no")), lifetime: .seconds(5))

    @Test(
        "a request without one bearer token is refused without a question",
        arguments: [
            [], ["Authorization:"], ["Authorization: Bearer"], ["Authorization: Bearer   "],
            ["Authorization: Basic dTpw"], ["Authorization: Token abc"], ["X-Authorization: Bearer abc"],
            ["Authorization: Bearer a", "authorization: Bearer b"],
        ])
    func noToken(fields: [String]) throws {
        var access = LoopAccess<Int>(epoch: epoch, wallClock: { 0 })
        let head = Array(("GET / HTTP/1.1\r\n" + fields.map { $0 + "\r\n" }.joined()).utf8)
        let answer = access.judge(policy, head: head.span, waiter: 0, at: start)
        let denial = try #require(answer.denial)
        #expect(denial.status == 401)
        #expect(
            denial.fields == [
                .init(name: "WWW-Authenticate", value: "Bearer realm=\"kubernetes-user\""),
                .init(name: "X-Ext-Auth-Reason", value: "credential not found"),
            ])
        #expect(denial.body.isEmpty && denial.contentType == nil)
    }

    @Test("a huge token is refused without a question")
    func huge() {
        var access = LoopAccess<Int>(epoch: epoch, wallClock: { 0 })
        #expect(judge(&access, 0, String(repeating: "a", count: 20_000)).denial?.status == 401)
    }

    @Test("many who bring the same token ask once, and all are told")
    func singleFlight() throws {
        var access = LoopAccess<Int>(epoch: epoch, wallClock: { 0 })
        let question = try #require(judge(&access, 1).question)
        #expect(question.token == "abc")
        #expect(judge(&access, 2).isWait && judge(&access, 3).isWait)
        #expect(judge(&access, 4, "other").question != nil)
        #expect(access.complete(question, Self.yes, at: start) == [1, 2, 3])
        #expect(judge(&access, 5).isAllowed)
    }

    @Test("what was found out counts for its time and no longer")
    func lifetime() throws {
        var access = LoopAccess<Int>(epoch: epoch, wallClock: { 0 })
        _ = access.complete(try #require(judge(&access).question), Self.yes, at: start)
        #expect(judge(&access, after: 59).isAllowed)
        let again = try #require(judge(&access, after: 60).question)
        _ = access.complete(again, Self.no, at: start.advanced(by: .seconds(60)))
        #expect(judge(&access, after: 64).denial != nil)
        #expect(judge(&access, after: 65).question != nil)
    }

    @Test("what holds no longer once roles or tokens changed is asked again")
    func epochs() throws {
        var access = LoopAccess<Int>(epoch: epoch, wallClock: { 0 })
        _ = access.complete(try #require(judge(&access).question), Self.yes, at: start)
        #expect(judge(&access).isAllowed)
        epoch.advance()
        #expect(judge(&access).question != nil)
    }

    @Test("an answer that was on its way when something changed is not kept")
    func racingEpoch() throws {
        var access = LoopAccess<Int>(epoch: epoch, wallClock: { 0 })
        let question = try #require(judge(&access).question)
        epoch.advance()
        _ = access.complete(question, Self.yes, at: start)
        #expect(judge(&access).question != nil)
    }

    @Test("an answer under one policy is none under another")
    func policies() throws {
        var access = LoopAccess<Int>(epoch: epoch, wallClock: { 0 })
        _ = access.complete(try #require(judge(&access).question), Self.yes, at: start)
        let other = RoutePolicy(service: ObjectKey(namespace: "default", name: "other"))
        let head = head("Authorization: Bearer abc")
        let answer = access.judge(other, head: head.span, waiter: 0, at: start)
        #expect(answer.question != nil)
    }

    @Test("made-up tokens do not crowd out good ones, and the memory is bounded")
    func crowd() {
        var cache = VerdictCache(limit: 8)
        let good = VerdictKey(policy, TokenDigest(Array("good".utf8).span))
        cache.keep(Self.yes, of: good, policy, epoch: 1, at: start)
        for number in 0..<100 {
            let bad = VerdictKey(policy, TokenDigest(Array("bad\(number)".utf8).span))
            cache.keep(Self.no, of: bad, policy, epoch: 1, at: start)
        }
        #expect(cache.count <= 9)
        guard case .allowed = cache.verdict(good, epoch: 1, at: start) else {
            Issue.record("the good token was forgotten")
            return
        }
    }

    @Test("the digest is SHA-256")
    func digest() {
        let (one, same) = (TokenDigest(Array("abc".utf8).span), TokenDigest(Array("abc".utf8).span))
        let other = TokenDigest(Array("abd".utf8).span)
        // Known from elsewhere: FIPS 180-2, appendix B.1.
        let known = TokenDigest(
            base64Hexadecimal:
                "YmE3ODE2YmY4ZjAxY2ZlYTQxNDE0MGRlNWRhZTIyMjNiMDAzNjFhMzk2MTc3YTljYjQxMGZmNjFmMjAwMTVhZA==")
        #expect(one == same && one != other && one == known)
    }
}

extension LoopAccess.Answer {
    var question: AccessQuestion? { if case .ask(let question) = self { question } else { nil } }
    var isWait: Bool { if case .wait = self { true } else { false } }
    var isAllowed: Bool { if case .verdict(.allowed) = self { true } else { false } }
    var denial: Denial? { if case .verdict(.denied(let denial)) = self { denial } else { nil } }
}
