import Synchronization
import Testing

@testable import Dashboard

@Suite("Live pages")
struct LiveFeedTests {
    @Test("who looks at the same page in the same session shares what was made")
    func shared() async throws {
        let feed = LiveFeed()
        let made = Mutex(0)
        let now = ContinuousClock.now
        func ask(_ session: String, _ target: String) async throws {
            let key = LiveFeed.Key(session: session, language: .english, target: target)
            _ = try await feed.regions(key, now: now) {
                made.withLock { $0 += 1 }
                return [("a", "<p></p>")]
            }
        }
        for _ in 0..<10 { try await ask("a", "/") }
        #expect(made.withLock { $0 } == 1)
        try await ask("b", "/")
        try await ask("a", "/models")
        #expect(made.withLock { $0 } == 3)
        let key = LiveFeed.Key(session: "a", language: .english, target: "/")
        _ = try await feed.regions(key, now: now + LiveFeed.age) { [("a", "<b></b>")] }
        #expect(try await feed.regions(key, now: now + LiveFeed.age) { [] }.first?.html == "<b></b>")
    }

    @Test("a page's parts come at once, and a session that ends gets nothing more")
    func events() async throws {
        let test = TestSite()
        let cookie = await test.logIn()
        let answer = await test.get("/events?page=%2Fmodels", cookie: cookie)
        guard case .stream(let send) = answer.body else {
            Issue.record("it is no stream")
            return
        }
        let got = Mutex("")
        try await send { bytes in
            got.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
            test.door.tokens.withLock { $0 = [] }
        }
        let text = got.withLock { $0 }
        #expect(text.hasPrefix("event: region\nid: models\ndata: "))
        #expect(text.hasSuffix("event: gone\ndata: \n\n"))
    }
}
