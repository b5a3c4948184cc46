import KubeAccess
import Synchronization
import Testing

@testable import Dashboard

@Suite("Logging in")
struct SessionTests {
    let test = TestSite()

    @Test("without a session, pages lead to the login, and the rest is refused")
    func closed() async {
        #expect(await test.get("/").header("Location") == "/login")
        #expect(await test.get("/models?q=a").header("Location") == "/login?back=%2Fmodels%3Fq%3Da")
        #expect(await test.get("/events?page=/").code == 401)
        #expect(await test.ask("POST", "/models/save").code == 401)
    }

    @Test("a token begins a session, in a cookie that scripts and other sites do not get")
    func token() async throws {
        let answer = await test.ask("POST", "/login", body: "token=good&back=%2Fkeys")
        #expect(answer.code == 303 && answer.header("Location") == "/keys")
        let cookie = try #require(answer.header("Set-Cookie"))
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        #expect(await test.get("/", cookie: String(cookie.prefix { $0 != ";" })).code == 200)
        #expect(await test.ask("POST", "/login", body: "token=bad").code == 401)
    }

    @Test("a token that is revoked ends its session")
    func revoked() async {
        let cookie = await test.logIn()
        test.door.tokens.withLock { $0 = [] }
        #expect(await test.get("/", cookie: cookie).header("Location") == "/login")
        test.door.tokens.withLock { $0 = ["good"] }
        #expect(await test.get("/", cookie: cookie).header("Location") == "/login")
    }

    @Test("a link logs in once, in time, and on this machine")
    func link() async {
        let link = LoginLink.token(key: "key", now: TestSite.now)
        #expect(await test.ask("GET", "/login?token=\(link)", isLocal: false).code == 401)
        #expect(await test.get("/login?token=\(link)").code == 303)
        #expect(await test.get("/login?token=\(link)").code == 401)
        let others = [
            LoginLink.token(key: "other", now: TestSite.now), LoginLink.token(key: "key", now: TestSite.now - 300),
            LoginLink.token(key: "key", now: TestSite.now + 1), "1.2.3", "",
        ]
        for other in others { #expect(await test.get("/login?token=\(other)").header("Set-Cookie") == nil) }
    }

    @Test(
        "logging in leads to no other site", arguments: ["//evil.example", "https://evil.example", "/\\evil", "/a\n"])
    func back(_ path: String) { #expect(!LoginPage.isLocalPath(path)) }

    @Test("a form needs the session's token and a page of ours")
    func forms() async throws {
        let cookie = await test.logIn()
        let id = String(cookie.drop { $0 != "=" }.dropFirst())
        let csrf = try #require(test.site.sessions.session(id, now: TestSite.now)).csrf
        #expect(await test.ask("POST", "/logout", cookie: cookie).code == 403)
        #expect(await test.ask("POST", "/logout", cookie: cookie, body: "csrf=\(csrf)0").code == 403)
        let evil = ["origin": "http://evil.example"]
        #expect(await test.ask("POST", "/logout", cookie: cookie, body: "csrf=\(csrf)", headers: evil).code == 403)
        let foreign = ["sec-fetch-site": "cross-site"]
        #expect(await test.ask("POST", "/logout", cookie: cookie, body: "csrf=\(csrf)", headers: foreign).code == 403)
        let own = ["origin": "http://127.0.0.1:8081"]
        #expect(await test.ask("POST", "/logout", cookie: cookie, body: "csrf=\(csrf)", headers: own).code == 303)
        #expect(await test.get("/", cookie: cookie).header("Location") == "/login")
    }

    @Test(
        "names that are not ours are not answered: DNS rebinding",
        arguments: [
            ("localhost:8081", 303), ("127.0.0.1", 303), ("[::1]:8081", 303), ("192.168.1.7:80", 303),
            ("martlet.localhost", 303), ("evil.example:8081", 421), ("127.0.0.1.evil.example", 421), ("", 421),
        ])
    func hosts(_ host: String, _ code: Int) async {
        #expect(await test.get("/", headers: ["host": host]).code == code)
    }

    @Test("every answer forbids what is from elsewhere")
    func headers() async {
        for target in ["/", "/login", "/assets/app.js", "/nowhere"] {
            let policy = await test.get(target).header("Content-Security-Policy") ?? ""
            #expect(policy.hasPrefix("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        }
    }

    @Test("sessions end when they are not used")
    func ends() {
        let sessions = Sessions()
        let session = sessions.begin(.anonymous, token: nil, now: 0)
        #expect(sessions.session(session.id, now: Sessions.lifetime - 1) != nil)
        #expect(sessions.session(session.id, now: 2 * Sessions.lifetime - 2) != nil)
        #expect(sessions.session(session.id, now: 3 * Sessions.lifetime) == nil)
    }

    @Test("a kubeconfig's token is found, and a certificate is not taken for one")
    func kubeconfig() {
        let text = "apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user: {token: abc}\n"
        #expect(LoginPage.token(in: text) == "abc")
        #expect(LoginPage.token(in: "apiVersion: v1\nusers:\n- name: a\n  user: {client-key-data: x}\n") == nil)
        #expect(LoginPage.token(in: "abc") == "abc")
    }
}
