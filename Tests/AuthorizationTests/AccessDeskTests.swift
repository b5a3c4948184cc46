import Activation
import KubeAccess
import KubeModel
import Synchronization
import Testing

@testable import Authorization

@Suite("Finding out who calls and what that one may")
struct AccessDeskTests {
    struct Failure: Error {}

    /// An authority that knows one token.
    struct Authority: AccessAuthority {
        var review: @Sendable (String) async throws -> ReviewedCaller? = { token in
            token == "good" ? ReviewedCaller(identity: Identity(user: "ci", groups: ["g"])) : nil
        }
        var access: @Sendable (Identity, AccessAttributes) async throws -> Bool = { _, _ in true }

        func review(token: String, audiences: [String]) async throws -> ReviewedCaller? { try await review(token) }

        func mayAccess(_ identity: Identity, _ attributes: AccessAttributes) async throws -> Bool {
            try await access(identity, attributes)
        }
    }

    private func outcome(
        _ authority: Authority, token: String = "good", style: DenialStyle = .authorino,
        timeout: Duration = .seconds(60)
    ) async throws -> Outcome {
        var limits = AccessDesk.Limits()
        limits.timeout = timeout
        let desk = AccessDesk(authority: authority, epoch: AccessEpoch(), limits: limits, now: { 1_000 })
        return await desk.outcome(of: try Self.question(token, style))
    }

    static func question(_ token: String, _ style: DenialStyle = .authorino) throws -> AccessQuestion {
        var access = LoopAccess<Int>(epoch: AccessEpoch(), wallClock: { 0 })
        let policy = RoutePolicy(service: ObjectKey(namespace: "default", name: "m"), style: style)
        let head = Array("GET / HTTP/1.1\r\nAuthorization: Bearer \(token)\r\n".utf8)
        let answer = access.judge(policy, head: head.span, waiter: 0, at: MonotonicTime(nanoseconds: 0))
        return try #require(answer.question)
    }

    @Test("asks for get on the service, with the caller's groups")
    func asks() async throws {
        let seen = Mutex<[(Identity, AccessAttributes)]>([])
        let found = try await outcome(
            Authority(access: { identity, attributes in
                seen.withLock { $0.append((identity, attributes)) }
                return true
            }))
        guard case .allowed(let grant) = found.verdict else {
            Issue.record("it was denied")
            return
        }
        #expect(String(decoding: grant.fields, as: UTF8.self) == "X-Remote-User: ci\r\nX-Remote-Groups: g\r\n")
        let (identity, attributes) = try #require(seen.withLock { $0.first })
        #expect(identity.groups == ["g"])
        #expect(
            attributes
                == AccessAttributes(
                    verb: "get", group: "serving.kserve.io", version: "v1beta1", resource: "inferenceservices",
                    namespace: "default", name: "m"))
    }

    @Test("the two generations' answers, to the letter")
    func answers() async throws {
        let refusing = Authority(access: { _, _ in false })
        let bad = try #require(try await outcome(Authority(), token: "bad").denial)
        #expect(bad.status == 401 && bad.fields.last?.value == "not authenticated")
        let forbidden = try #require(try await outcome(refusing).denial)
        #expect(forbidden.status == 403 && forbidden.body.isEmpty)
        #expect(forbidden.fields == [.init(name: "X-Ext-Auth-Reason", value: "not authorized: unknown reason")])
        let badProxy = try #require(try await outcome(Authority(), token: "bad", style: .accessProxy).denial)
        #expect(badProxy.status == 401 && badProxy.body == "Unauthorized\n" && badProxy.fields.isEmpty)
        let forbiddenProxy = try #require(try await outcome(refusing, style: .accessProxy).denial)
        #expect(
            forbiddenProxy.body == "Forbidden (user=ci, verb=get, resource=inferenceservices, subresource=)\n")
    }

    @Test("a token that ends soon is not believed for longer", arguments: [(1_010.0, 10), (5_000, 60), (900, 0)])
    func expiry(end: Double, seconds: Int) async throws {
        let found = try await outcome(
            Authority(review: { _ in ReviewedCaller(identity: Identity(user: "ci"), expiration: end) }))
        #expect(found.lifetime == .seconds(seconds))
    }

    enum Trouble: CaseIterable, Sendable {
        case reviewFails, accessFails, reviewHangs, accessHangs
    }

    @Test(
        "however the authority fails, the answer is a denial that says nothing of the caller",
        arguments: Trouble.allCases)
    func failures(trouble: Trouble) async throws {
        let hang: @Sendable () async throws -> Void = { try await Task.sleep(for: .seconds(3_600)) }
        var authority = Authority()
        switch trouble {
        case .reviewFails: authority.review = { _ in throw Failure() }
        case .accessFails: authority.access = { _, _ in throw Failure() }
        case .reviewHangs:
            authority.review = { _ in
                try await hang(); return nil
            }
        case .accessHangs:
            authority.access = { _, _ in
                try await hang(); return true
            }
        }
        let found = try await outcome(authority, timeout: .milliseconds(5))
        #expect(found.denial?.status == 503)
        #expect(found.lifetime == .zero)
    }

    @Test("a cancelled question is a denial, even where the authority does not notice")
    func cancelled() async throws {
        let question = try Self.question("good")
        let desk = AccessDesk(authority: Authority(), epoch: AccessEpoch(), now: { 0 })
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await desk.outcome(of: question)
        }
        #expect(await task.value.denial?.status == 503)
    }

    @Test("more questions than there is room for are refused, not let in")
    func tooMany() throws {
        var limits = AccessDesk.Limits()
        limits.questions = 2
        let desk = AccessDesk(authority: Authority(), epoch: AccessEpoch(), limits: limits, now: { 0 })
        let statuses = Mutex<[Int?]>([])
        for _ in 0..<5 {
            desk.ask(try Self.question("good")) { outcome in statuses.withLock { $0.append(outcome.denial?.status) } }
        }
        #expect(statuses.withLock { $0 } == [503, 503, 503])
    }
}

extension Outcome {
    var denial: Denial? { if case .denied(let denial) = verdict { denial } else { nil } }
}
