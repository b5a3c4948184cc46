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
        var secrets: [Object] = []
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

    func secrets(withKey digest: TokenDigest, namespace: String) -> [Object] {
        TokenDigest(Array("key".utf8).span) == digest ? state.withLock { $0.secrets } : []
    }

    func secret(_ key: ObjectKey) async throws -> Object? {
        try await check()
        return Object(["data": ["clientID": "aWQ=", "clientSecret": "c2VjcmV0"]])
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

    func outcome(_ fields: [String] = [], line: String = "GET /v1/models?a=b HTTP/1.1") async throws -> Outcome {
        var access = LoopAccess<Int>(epoch: AccessEpoch(), wallClock: { Self.now })
        let lines = [line, "Host: m.example.com"] + fields
        let head = Array(lines.map { $0 + "\r\n" }.joined().utf8)
        let answer = access.judge(policy, head: head.span, waiter: 0, at: .init(nanoseconds: 0))
        return await desk.outcome(of: try #require(answer.question))
    }

    func status(_ fields: [String] = [], line: String = "GET /v1/models?a=b HTTP/1.1") async throws -> Int {
        switch try await outcome(fields, line: line).verdict {
        case .allowed, .key: 200
        case .denied(let denial): denial.status
        }
    }
}

@Suite("AuthConfigs")
struct AuthConfigTests {
    @Test("anonymous lets everyone in; without any way of telling who calls nobody is")
    func anonymous() async throws {
        #expect(try await AuthConfigFixture(["authentication": ["a": ["anonymous": [:]]]]).status() == 200)
        #expect(try await AuthConfigFixture([:]).status() == 401)
        let skipped: JSONValue = [
            "authentication": ["a": ["anonymous": [:], "when": [["predicate": "request.method == 'PUT'"]]]]
        ]
        #expect(try await AuthConfigFixture(skipped).status() == 401)
    }

    @Test(
        "a credential is found where it is said to be, and only there",
        arguments: [
            (["customHeader": ["name": "X-Key"]], "X-Key: key"), (["cookie": ["name": "k"]], "Cookie: a=b; k=key"),
            (["authorizationHeader": ["prefix": "APIKEY"]], "Authorization: APIKEY key"),
            ([:], "Authorization: Bearer key"),
        ] as [(JSONValue, String)])
    func places(place: JSONValue, field: String) async throws {
        let fixture = try AuthConfigFixture([
            "authentication": ["a": ["apiKey": ["selector": ["matchLabels": ["a": "b"]]], "credentials": place]]
        ])
        var secret = Object(["apiVersion": "v1", "kind": "Secret", "metadata": ["namespace": "default", "name": "k"]])
        secret.labels = ["a": "b"]
        fixture.sources.state.withLock { $0.secrets = [secret] }
        #expect(try await fixture.status([field]) == 200)
        #expect(try await fixture.status([field + "x"]) == 401)
        #expect(try await fixture.status([field, field]) == (field.hasPrefix("Cookie") ? 401 : 401))
        #expect(try await fixture.status() == 401)
        fixture.sources.state.withLock { $0.secrets[0].labels = ["a": "c"] }
        #expect(try await fixture.status([field]) == 401)
    }

    @Test("a key in the query is found, percent-decoded")
    func query() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": [
                "a": ["apiKey": ["selector": [:]], "credentials": ["queryString": ["name": "key"]]]
            ]
        ])
        fixture.sources.state.withLock { $0.secrets = [Object(["metadata": ["name": "k"]])] }
        #expect(try await fixture.status(line: "GET /?key=k%65y HTTP/1.1") == 200)
        #expect(try await fixture.status(line: "GET /?key=kez HTTP/1.1") == 401)
        #expect(try await fixture.status(line: "GET /?key=key&key=key HTTP/1.1") == 401)
    }

    @Test("the answer asks for what every way wants, and says why each refused")
    func unauthenticated() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": [
                "b": ["kubernetesTokenReview": [:]],
                "a": ["apiKey": ["selector": [:]], "credentials": ["customHeader": ["name": "X-Key"]]],
            ]
        ])
        let denial = try #require(try await fixture.outcome(["Authorization: Bearer bad"]).denial)
        #expect(
            denial.fields == [
                .init(name: "WWW-Authenticate", value: "x-key realm=\"a\""),
                .init(name: "WWW-Authenticate", value: "Bearer realm=\"b\""),
                .init(name: "X-Ext-Auth-Reason", value: #"{"a":"credential not found","b":"not authenticated"}"#),
            ])
        #expect(try await fixture.status(["Authorization: Bearer good"]) == 200)
    }

    @Test("OpenShift AI's own AuthConfig means what the annotation means")
    func openShift() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": [
                "kubernetes-user": [
                    "credentials": ["authorizationHeader": [:]],
                    "kubernetesTokenReview": ["audiences": ["https://kubernetes.default.svc"]],
                ]
            ],
            "authorization": [
                "kubernetes-rbac": [
                    "kubernetesSubjectAccessReview": [
                        "resourceAttributes": [
                            "verb": ["value": "get"], "group": ["value": "serving.kserve.io"],
                            "resource": ["value": "inferenceservices"], "namespace": ["value": "default"],
                            "subresource": ["value": ""], "name": ["value": "m"],
                        ], "user": ["selector": "auth.identity.user.username"],
                    ]
                ]
            ],
        ])
        #expect(fixture.rules.isAboutCaller)
        let seen = Mutex<AccessAttributes?>(nil)
        fixture.sources.state.withLock {
            $0.allowed = { identity, attributes in
                seen.withLock { $0 = attributes }
                return identity.user == "ci"
            }
        }
        #expect(try await fixture.status(["Authorization: Bearer good"]) == 200)
        #expect(
            seen.withLock { $0 }
                == AccessAttributes(
                    verb: "get", group: "serving.kserve.io", resource: "inferenceservices", namespace: "default",
                    name: "m"))
        fixture.sources.state.withLock { $0.allowed = { _, _ in false } }
        let denial = try #require(try await fixture.outcome(["Authorization: Bearer good"]).denial)
        #expect(denial.status == 403)
        #expect(denial.fields == [.init(name: "X-Ext-Auth-Reason", value: "not authorized: unknown reason")])
    }

    @Test(
        "patterns hold or the call is denied; what cannot be evaluated does not hold",
        arguments: [
            (["selector": "context.request.http.method", "operator": "eq", "value": "GET"], 200),
            (["selector": "request.method", "operator": "neq", "value": "GET"], 403),
            (["selector": "request.headers.x-team", "operator": "eq", "value": "a"], 200),
            (["selector": "auth.identity.user.groups", "operator": "incl", "value": "g"], 200),
            (["selector": "auth.identity.user.groups", "operator": "incl", "value": "h"], 403),
            (["selector": "auth.identity.user.groups", "operator": "excl", "value": "g"], 403),
            (["selector": "auth.identity.user.groups.#", "operator": "eq", "value": "1"], 200),
            (["selector": "request.url_path", "operator": "matches", "value": "^/v1/"], 200),
            (["selector": "request.url_path", "operator": "matches", "value": "^/v2/"], 403),
            (["predicate": "auth.identity.user.username == 'ci' && request.headers['x-team'] == 'a'"], 200),
            (["predicate": "auth.identity.user.nothing == 'ci'"], 403), (["predicate": "request.method"], 403),
            (["any": [["predicate": "false"], ["predicate": "true"]]], 200),
            (["all": [["predicate": "true"], ["predicate": "false"]]], 403), (["patternRef": "team-a"], 200),
        ] as [(JSONValue, Int)])
    func patterns(pattern: JSONValue, expected: Int) async throws {
        let fixture = try AuthConfigFixture([
            "patterns": [
                "team-a": ["allOf": [["selector": "request.headers.x-team", "operator": "eq", "value": "a"]]]
            ],
            "authentication": ["a": ["kubernetesTokenReview": [:]]],
            "authorization": ["p": ["patternMatching": ["patterns": [pattern]]]],
        ])
        #expect(try await fixture.status(["Authorization: Bearer good", "X-Team: a"]) == expected)
    }

    @Test("a rule whose condition does not hold is left out; one whose condition fails is a denial")
    func conditions() async throws {
        func fixture(_ condition: JSONValue) throws -> AuthConfigFixture {
            try AuthConfigFixture([
                "authentication": ["a": ["anonymous": [:]]],
                "authorization": [
                    "p": ["patternMatching": ["patterns": [["predicate": "false"]]], "when": [condition]]
                ],
            ])
        }
        #expect(try await fixture(["predicate": "request.method == 'PUT'"]).status() == 200)
        #expect(try await fixture(["predicate": "request.method == 'GET'"]).status() == 403)
        #expect(try await fixture(["predicate": "request.nothing == 1"]).status() == 503)
    }

    @Test("denials are as the AuthConfig wants them, but are denials; headers for the server are set and not believed")
    func responses() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": ["a": ["kubernetesTokenReview": ["audiences": ["x"]]]],
            "response": [
                "unauthenticated": [
                    "code": 302, "headers": ["Location": ["value": "https://login"]], "message": ["value": "log in"],
                    "body": ["value": "hello"],
                ],
                "success": [
                    "headers": [
                        "x-user": ["plain": ["selector": "auth.identity.user.username"]],
                        "other": ["key": "x-evil", "plain": ["expression": "'a\\r\\nb'"]],
                    ]
                ],
            ],
        ])
        let denial = try #require(try await fixture.outcome().denial)
        #expect(denial.status == 302 && denial.body == "hello")
        #expect(denial.fields.contains(.init(name: "Location", value: "https://login")))
        #expect(denial.fields.contains(.init(name: "X-Ext-Auth-Reason", value: "log in")))
        guard case .allowed(let grant) = try await fixture.outcome(["Authorization: Bearer good"]).verdict else {
            Issue.record("denied")
            return
        }
        #expect(String(decoding: grant.fields, as: UTF8.self) == "x-user: ci\r\n")
        #expect(Set(grant.replaces.map { String(decoding: $0, as: UTF8.self) }) == ["x-user", "x-evil"])
    }

    @Test("introspection believes active tokens")
    func introspection() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": [
                "a": ["oauth2Introspection": ["endpoint": "https://idp/introspect", "credentialsRef": ["name": "s"]]]
            ]
        ])
        #expect(try await fixture.status(["Authorization: Bearer good"]) == 200)
        #expect(try await fixture.status(["Authorization: Bearer bad"]) == 401)
    }

    static let evaluators: [JSONValue] = [
        ["authentication": ["a": ["kubernetesTokenReview": [:]]]],
        ["authentication": ["a": ["jwt": ["issuerUrl": "https://idp"]]]],
        ["authentication": ["a": ["jwt": ["jwksUrl": "https://idp/keys"]]]],
        [
            "authentication": [
                "a": ["oauth2Introspection": ["endpoint": "https://idp/i", "credentialsRef": ["name": "s"]]]
            ]
        ],
        [
            "authentication": ["a": ["anonymous": [:]]],
            "authorization": [
                "r": ["kubernetesSubjectAccessReview": ["user": ["value": "u"]]]
            ],
        ],
    ]

    @Test(
        "every evaluator that fails or does not answer is a denial that says nothing of the caller",
        arguments: evaluators, ["fails", "hangs", "cancelled"])
    func failures(spec: JSONValue, trouble: String) async throws {
        let fixture = try AuthConfigFixture(spec, timeout: trouble == "hangs" ? .milliseconds(5) : .seconds(60))
        fixture.sources.state.withLock {
            $0.isDown = trouble == "fails"
            $0.hangs = trouble == "hangs"
        }
        let token = try WebTokenSigner().sign(["sub": "x"])
        let task = Task {
            if trouble == "cancelled" { withUnsafeCurrentTask { $0?.cancel() } }
            return try await fixture.status(["Authorization: Bearer \(token)"])
        }
        let status = try await task.value
        #expect([401, 503].contains(status))
        if trouble != "cancelled" { #expect(status == 503) }
    }

    @Test(
        "what is not there is refused with its place",
        arguments: [
            (["metadata": ["m": ["http": ["url": "http://x"]]]], "spec.metadata"),
            (["callbacks": ["m": [:]]], "spec.callbacks"),
            (["authentication": ["a": ["x509": [:]]]], "spec.authentication[a].x509"),
            (["authorization": ["a": ["opa": ["rego": "allow = true"]]]], "spec.authorization[a].opa"),
            (["authorization": ["a": [:]]], "spec.authorization[a]"),
            (["when": [["predicate": "nobody.knows"]]], "spec.when[0].predicate"),
            (["when": [["selector": "a.@case:upper", "operator": "eq"]]], "spec.when[0].selector"),
            (["authentication": ["a": ["jwt": [:]]]], "spec.authentication[a].jwt"),
            (
                ["response": ["success": ["headers": ["Host": ["plain": ["value": "x"]]]]]],
                "spec.response.success.headers[Host]"
            ),
        ] as [(JSONValue, String)])
    func refused(spec: JSONValue, field: String) {
        let (_, problems) = AuthRules.read(Object(["spec": spec]))
        #expect(problems.map(\.field).contains(field), "\(problems)")
    }
}

@Suite("Tokens of other issuers")
struct WebTokenIdentityTests {
    private static let issuer = "https://idp.example.com"

    private func fixture(_ signer: WebTokenSigner, lenient: Bool = false) throws -> AuthConfigFixture {
        let fixture = try AuthConfigFixture(
            ["authentication": ["a": ["jwt": ["issuerUrl": .string(Self.issuer), "audiences": ["models"]]]]],
            annotations: lenient ? ["martlet.dev/authorino-compatible": "true"] : [:])
        publish(signer, fixture)
        return fixture
    }

    private func publish(_ signer: WebTokenSigner, _ fixture: AuthConfigFixture) {
        let issuer = Self.issuer
        fixture.sources.state.withLock {
            $0.documents["\(issuer)/.well-known/openid-configuration"] = [
                "issuer": .string(issuer), "jwks_uri": "https://idp.example.com/keys",
            ]
            $0.documents["https://idp.example.com/keys"] = WebKeySet([signer.publicKey]).json
        }
    }

    private static func claims(_ changes: [String: JSONValue?] = [:]) -> JSONValue {
        var claims: JSONValue = [
            "iss": .string(issuer), "aud": "models", "sub": "ann", "exp": 1_000_100, "nbf": 999_000,
        ]
        for (name, value) in changes { claims[name] = value }
        return claims
    }

    @Test(
        "issuer, audience, end and beginning are looked at",
        arguments: [
            ([:], 200), (["iss": "https://other"], 401), (["aud": "other"], 401), (["aud": ["other", "models"]], 200),
            (["aud": nil], 401), (["exp": 999_990], 401), (["exp": nil], 401), (["exp": "soon"], 401),
            (["nbf": 1_000_050], 401), (["nbf": nil], 200),
        ] as [([String: JSONValue?], Int)])
    func claims(changes: [String: JSONValue?], expected: Int) async throws {
        let signer = WebTokenSigner()
        let token = try signer.sign(Self.claims(changes))
        #expect(try await fixture(signer).status(["Authorization: Bearer \(token)"]) == expected)
    }

    @Test("the switch leaves out issuer and audience as Authorino does, but never signature and end")
    func lenient() async throws {
        let signer = WebTokenSigner()
        let fixture = try fixture(signer, lenient: true)
        func status(_ signer: WebTokenSigner, _ changes: [String: JSONValue?]) async throws -> Int {
            try await fixture.status(["Authorization: Bearer \(signer.sign(Self.claims(changes)))"])
        }
        #expect(try await status(signer, ["iss": "x", "aud": "y"]) == 200)
        #expect(try await status(signer, ["exp": 1]) == 401)
        #expect(try await status(WebTokenSigner(), [:]) == 401)
    }

    @Test("no trick with the algorithm helps", arguments: ["none", "None", "HS256", "RS256", "ES256"])
    func algorithms(name: String) async throws {
        let signer = WebTokenSigner()
        let claims = Base64URL.encode(Self.claims().serialized())
        let header = Base64URL.encode("{\"alg\":\"\(name)\",\"typ\":\"JWT\"}".utf8)
        for signature in ["", "AAAA", Base64URL.encode(Array(repeating: 7, count: 64))] {
            #expect(try await fixture(signer).status(["Authorization: Bearer \(header).\(claims).\(signature)"]) == 401)
        }
    }

    @Test("malformed and huge tokens are refused before anything is fetched")
    func malformed() async throws {
        let fixture = try fixture(WebTokenSigner())
        for token in ["a", "a.b", "a.b.c", "..", "a.b.c.d", String(repeating: "a", count: 60_000)] {
            #expect(try await fixture.status(["Authorization: Bearer \(token)"]) == 401)
        }
        #expect(fixture.sources.state.withLock { $0.fetches.isEmpty })
    }

    @Test("keys are fetched once, and again when a token is signed by another, but not for each bad token")
    func rotation() async throws {
        let (old, new) = (WebTokenSigner(), WebTokenSigner())
        let fixture = try fixture(old)
        func status(_ signer: WebTokenSigner) async throws -> Int {
            try await fixture.status(["Authorization: Bearer \(signer.sign(Self.claims()))"])
        }
        for _ in 0..<3 { #expect(try await status(old) == 200) }
        #expect(fixture.sources.state.withLock { $0.fetches.count } == 2)
        publish(new, fixture)
        // Right after the first fetch a second one is not made: a moment later it is.
        #expect(try await status(new) == 401)
        #expect(fixture.sources.state.withLock { $0.fetches.count } == 2)
    }

    @Test("a discovery document that is of another issuer is believed nothing")
    func impostor() async throws {
        let signer = WebTokenSigner()
        let fixture = try fixture(signer)
        fixture.sources.state.withLock {
            $0.documents["\(Self.issuer)/.well-known/openid-configuration"]?["issuer"] = "https://evil"
        }
        #expect(try await fixture.status(["Authorization: Bearer \(signer.sign(Self.claims()))"]) == 503)
    }
}
