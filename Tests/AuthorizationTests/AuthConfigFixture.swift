import Activation
import JSONModel
import JSONWebToken
import KubeAccess
import KubeModel
import ServingAPI
import Synchronization
import Testing

@testable import Authorization

/// Issuers, Secrets and an API that the test sets up.
final class FakeSources: CredentialSources, AccessAuthority {
    struct State {
        var documents: [String: JSONValue] = [:]
        var fetches: [String] = []
        var questions: [HTTPQuestion] = []
        var secrets: [Object] = []
        /// Of every Secret.
        var secretData: JSONValue? = ["clientID": "aWQ=", "clientSecret": "c2VjcmV0"]
        var isDown = false
        var hangs = false
        var allowed: @Sendable (Identity, AccessAttributes) -> Bool = { _, _ in true }
    }

    let state = Mutex(State())

    private func check() async throws {
        let (isDown, hangs) = state.withLock { ($0.isDown, $0.hangs) }
        if hangs { try await Task.sleep(for: .seconds(3_600)) }
        if isDown { throw SourceFailure("down") }
    }

    func document(_ address: String) async throws -> JSONValue {
        state.withLock { $0.fetches.append(address) }
        try await check()
        guard let found = state.withLock({ $0.documents[address] }) else { throw SourceFailure("404") }
        return found
    }

    func post(
        _ form: [(name: String, value: String)], to address: String, user: String, password: String
    ) async throws -> JSONValue {
        try await check()
        guard user == "id", password == "secret" else { throw SourceFailure("401") }
        return form.first { $0.name == "token" }?.value == "good" ? ["active": true, "sub": "ann"] : ["active": false]
    }

    func send(_ question: HTTPQuestion) async throws -> HTTPReply {
        state.withLock {
            $0.fetches.append(question.address)
            $0.questions.append(question)
        }
        try await check()
        guard let found = state.withLock({ $0.documents[question.address] }) else { return HTTPReply(status: 404) }
        return HTTPReply(status: 200, headers: [("content-type", "application/json")], body: found.serialized())
    }

    func secrets(matching selector: LabelSelector, namespace: String) async throws -> [Object] {
        try await check()
        return state.withLock { $0.secrets }.filter { selector.matches($0.labels) }
    }

    func secrets(withKey digest: TokenDigest, namespace: String) -> [Object] {
        TokenDigest(Array("key".utf8).span) == digest ? state.withLock { $0.secrets } : []
    }

    func secret(_ key: ObjectKey) async throws -> Object? {
        try await check()
        return state.withLock { $0.secretData }.map { Object(["data": $0]) }
    }

    func review(token: String, audiences: [String]) async throws -> ReviewedCaller? {
        try await check()
        return token == "good" ? ReviewedCaller(identity: Identity(user: "ci", groups: ["g"])) : nil
    }

    func mayAccess(_ identity: Identity, _ attributes: AccessAttributes) async throws -> Bool {
        try await check()
        return state.withLock { $0.allowed }(identity, attributes)
    }
}

/// An AuthConfig and requests to what it protects.
struct AuthConfigFixture {
    let sources = FakeSources()
    let rules: AuthRules
    let desk: AccessDesk
    let policy: RoutePolicy
    static let now = 1_000_000.0

    init(_ spec: JSONValue, annotations: [String: String] = [:], timeout: Duration = .seconds(60)) throws {
        var object = Object(["apiVersion": "authorino.kuadrant.io/v1beta3", "kind": "AuthConfig"])
        object.json["metadata"] = ["namespace": "default", "name": "c"]
        object.annotations = annotations
        object.json["spec"] = spec
        object.json["spec"]?["hosts"] = ["m.example.com"]
        let (rules, problems) = AuthRules.read(object)
        try #require(problems.isEmpty, "\(problems)")
        self.rules = rules
        policy = RoutePolicy(config: object.key, rules)
        var limits = AccessDesk.Limits()
        limits.timeout = timeout
        desk = AccessDesk(
            authority: sources, sources: sources, epoch: AccessEpoch(), limits: limits, now: { Self.now })
    }

    func outcome(
        _ fields: [String] = [], line: String = "GET /v1/models?a=b HTTP/1.1", peer: AccessPeer? = nil
    ) async throws -> Outcome {
        var access = LoopAccess<Int>(epoch: AccessEpoch(), wallClock: { Self.now })
        let lines = [line, "Host: m.example.com"] + fields
        let head = Array(lines.map { $0 + "\r\n" }.joined().utf8)
        let answer = access.judge(
            policy, head: head.span, call: AccessCall(peer: peer), waiter: 0, at: .init(nanoseconds: 0))
        return await desk.outcome(of: try #require(answer.question))
    }

    func status(_ fields: [String] = [], line: String = "GET /v1/models?a=b HTTP/1.1") async throws -> Int {
        switch try await outcome(fields, line: line).verdict {
        case .allowed, .key: 200
        case .denied(let denial): denial.status
        }
    }
}
