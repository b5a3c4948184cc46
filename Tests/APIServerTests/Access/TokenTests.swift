import FoundationEssentials
import JSONModel
import JSONWebToken
import KubeAccess
import KubeClient
import KubeController
import KubeModel
import ServingAPI
import Testing

@testable import APIServer

/// Tokens of ServiceAccounts: what makes them count, and what ends them.
@Suite struct TokenTests {
    static func fixture() async throws -> AccessFixture {
        let fixture = try await AccessFixture()
        _ = try await fixture.make(.serviceAccounts, "ci")
        return fixture
    }

    static func refusal(_ fixture: AccessFixture, _ token: String, audiences: [String] = []) async -> String {
        do throws(WebTokenRefusal) {
            return "believed: \(try await fixture.identity(token, audiences: audiences).user)"
        } catch { return error.description }
    }

    @Test("A token that was asked for says who its bearer is")
    func identity() async throws {
        let fixture = try await Self.fixture()
        let account = try await fixture.server.get(.serviceAccounts, key("ci"))
        let identity = try await fixture.identity(fixture.token("ci"))
        #expect(identity.user == "system:serviceaccount:default:ci")
        #expect(identity.uid == account.uid)
        #expect(
            identity.groups == ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"])
        #expect(identity.extra["authentication.kubernetes.io/credential-id"]?.first?.hasPrefix("JTI=uid-") == true)
    }

    @Test("The answer tells the token's end and audiences")
    func answer() async throws {
        let fixture = try await Self.fixture()
        let request: JSONValue = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": ["expirationSeconds": 600],
        ]
        let path = "/api/v1/namespaces/default/serviceaccounts/ci/token"
        let answer = try await fixture.call(.admin, "POST", path, request)
        #expect(answer.code == 201)
        #expect(
            answer.json[path: "status", "expirationTimestamp"]
                == .string(Timestamp.string(seconds: AccessFixture.origin + 600)))
        #expect(answer.json[path: "spec", "audiences"] == [.string(TokenIssuer.defaultIssuer)])
        #expect(answer.json[path: "metadata", "name"] == "ci")
    }

    @Test(
        "A wrong request is refused",
        arguments: [
            (["expirationSeconds": 599], 422, "spec.expirationSeconds"),
            (["expirationSeconds": 4_294_967_297], 422, "spec.expirationSeconds"),
            (["boundObjectRef": ["kind": "Node", "apiVersion": "v1", "name": "x"]], 400, "Node"),
            (["boundObjectRef": ["kind": "Pod", "apiVersion": "v1", "name": "x"]], 404, "not found"),
            (["boundObjectRef": ["kind": "Secret", "apiVersion": "v1", "name": "s", "uid": "x"]], 409, "UID"),
            (["boundObjectRef": ["kind": "Pod", "apiVersion": "v1", "name": "p"]], 400, "different"),
        ] as [(JSONValue, Int, String)])
    func wrongRequests(_ spec: JSONValue, _ code: Int, _ part: String) async throws {
        let fixture = try await Self.fixture()
        _ = try await fixture.make(.secrets, "s")
        _ = try await fixture.server.create(.pods, .pod("p"))
        let request: JSONValue = ["apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec]
        let path = "/api/v1/namespaces/default/serviceaccounts/ci/token"
        let answer = try await fixture.call(.admin, "POST", path, request)
        #expect(answer.code == code)
        #expect(answer.json["message"]?.stringValue?.contains(part) == true, "\(answer.json.text)")
    }

    @Test("A token ends when it says, looked up before or not", arguments: [true, false])
    func expiry(_ isKnown: Bool) async throws {
        let fixture = try await Self.fixture()
        let token = try await fixture.token("ci", ["expirationSeconds": 600])
        if isKnown { _ = try await fixture.identity(token) }
        fixture.time.advance(by: .seconds(599))
        _ = try await fixture.identity(token)
        fixture.time.advance(by: .seconds(1))
        #expect(await Self.refusal(fixture, token) == "the token has expired")
    }

    @Test("A token is for its audiences only")
    func audiences() async throws {
        let fixture = try await Self.fixture()
        let token = try await fixture.token("ci", ["audiences": ["models", "other"]])
        #expect(await Self.refusal(fixture, token).hasPrefix("the token is for other audiences"))
        #expect(await Self.refusal(fixture, token, audiences: ["x"]).hasPrefix("the token is for other audiences"))
        let found = try await fixture.access.authenticator.tokens.authenticate(token, audiences: ["x", "models"])
        #expect(found.audiences == ["models"])
    }

    @Test("A token ends with its ServiceAccount, though another of the same name comes", arguments: [true, false])
    func deletedAccount(_ isKnown: Bool) async throws {
        let fixture = try await Self.fixture()
        let token = try await fixture.token("ci")
        if isKnown { _ = try await fixture.identity(token) }
        try await fixture.server.delete(.serviceAccounts, key("ci"))
        #expect(await Self.refusal(fixture, token).contains("ServiceAccount default/ci is gone"))
        _ = try await fixture.make(.serviceAccounts, "ci")
        #expect(await Self.refusal(fixture, token).contains("ServiceAccount default/ci is gone"))
    }

    @Test(
        "A token that is bound to an object ends with it", arguments: [("Pod", true), ("Pod", false), ("Secret", true)])
    func bound(_ kind: String, _ isKnown: Bool) async throws {
        let fixture = try await Self.fixture()
        _ = try await fixture.make(.secrets, "o")
        var pod = Object.pod("o")
        pod["spec", "serviceAccountName"] = "ci"
        pod = try await fixture.server.create(.pods, pod)
        let reference: JSONValue = ["kind": .string(kind), "apiVersion": "v1", "name": "o"]
        let token = try await fixture.token("ci", ["boundObjectRef": reference])
        if isKnown {
            let extra = try await fixture.identity(token).extra
            #expect(extra["authentication.kubernetes.io/pod-uid"] == (kind == "Pod" ? [pod.uid] : nil))
        }
        try await fixture.server.delete(kind == "Pod" ? .pods : .secrets, key("o"))
        #expect(await Self.refusal(fixture, token).contains("\(kind) default/o is gone"))
    }

    @Test("What another signed, or nobody, is not believed")
    func forgeries() async throws {
        let fixture = try await Self.fixture()
        let account = try await fixture.server.get(.serviceAccounts, key("ci"))
        let holder = TokenIssuer.Holder(namespace: "default", name: "ci", uid: account.uid)
        let other = try TokenIssuer(WebTokenSigner()).token(
            for: holder, audiences: [TokenIssuer.defaultIssuer], now: AccessFixture.origin, lifetime: 600, id: "x")
        #expect(await Self.refusal(fixture, other) == "the token is signed with a key that is not known")
        let parts = try await fixture.token("ci").split(separator: ".")
        let none = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))
        #expect(await Self.refusal(fixture, "\(none).\(parts[1]).") == "the token's signature is not valid")
        #expect(await Self.refusal(fixture, "\(parts[0]).\(parts[1]).AAAA") == "the token's signature is not valid")
        #expect(await Self.refusal(fixture, String(repeating: "x", count: 1 << 20)) == "the token is too large")
        #expect(await Self.refusal(fixture, "nonsense") == "the token does not have three parts")
    }

    @Test(
        "Signed claims that are none of a ServiceAccount's are not believed",
        arguments: [
            ["iss": "https://elsewhere"], ["iss": .string(TokenIssuer.defaultIssuer)],
            [
                "iss": .string(TokenIssuer.defaultIssuer), "exp": 1_900_000_000,
                "kubernetes.io": ["namespace": "default"],
            ],
            [
                "iss": .string(TokenIssuer.defaultIssuer), "exp": 1_900_000_000, "sub": "system:serviceaccount:a:b",
                "kubernetes.io": ["namespace": "default", "serviceaccount": ["name": "ci", "uid": "x"]],
            ],
            // Without an end.
            [
                "iss": .string(TokenIssuer.defaultIssuer), "sub": "system:serviceaccount:default:ci",
                "kubernetes.io": ["namespace": "default", "serviceaccount": ["name": "ci", "uid": "x"]],
            ], ["iss": .string(TokenIssuer.secretIssuer)],
        ] as [JSONValue])
    func claims(_ claims: JSONValue) async throws {
        let fixture = try await Self.fixture()
        let token = try fixture.issuer.signer.sign(claims)
        await #expect(throws: WebTokenRefusal.self) { try await fixture.identity(token) }
    }

    @Test("Verified tokens are kept by digest, and no more than a bound")
    func cache() async throws {
        let fixture = try await Self.fixture()
        let cache = fixture.access.authenticator.tokens.cache
        _ = try await fixture.identity(fixture.token("ci"))
        #expect(cache.count == 1)
        // One that was looked up before something changed is not kept.
        let generation = cache.generation
        _ = try await fixture.make(.secrets, "any")
        #expect(cache.generation > generation)
    }

    func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "default", name: name) }
}

/// Secrets of the type kubernetes.io/service-account-token.
@Suite struct TokenSecretTests {
    let key = ObjectKey(namespace: "default", name: "ci-token")

    static func secret(_ fixture: AccessFixture, account: String = "ci") async throws {
        var secret = Object(.secrets, namespace: "default", name: "ci-token", ["type": .string(TokenSecrets.type)])
        secret.annotations[TokenSecrets.accountName] = account
        _ = try await fixture.server.create(.secrets, secret)
    }

    static func controller(_ fixture: AccessFixture) -> TokenSecrets {
        TokenSecrets(client: fixture.server, issuer: fixture.issuer, certificate: "PEM")
    }

    static func data(_ secret: Object, _ field: String) -> String {
        let text = secret["data", field]?.stringValue.flatMap { Data(base64Encoded: $0) }
        return text.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    @Test("They are filled, once, with a token that lasts as long as they do")
    func fill() async throws {
        let fixture = try await TokenTests.fixture()
        try await Self.secret(fixture)
        _ = try await Self.controller(fixture).reconcile(key)
        let secret = try await fixture.server.get(.secrets, key)
        #expect(Self.data(secret, "namespace") == "default")
        #expect(Self.data(secret, "ca.crt") == "PEM")
        let token = Self.data(secret, "token")
        fixture.time.advance(by: .seconds(100_000_000))
        #expect(try await fixture.identity(token).user == "system:serviceaccount:default:ci")
        _ = try await Self.controller(fixture).reconcile(key)
        #expect(try await fixture.server.get(.secrets, key) == secret)
        try await fixture.server.delete(.secrets, key)
        #expect(await TokenTests.refusal(fixture, token).contains("Secret default/ci-token is gone"))
    }

    @Test("A token that was taken out of its Secret no longer counts")
    func revoked() async throws {
        let fixture = try await TokenTests.fixture()
        try await Self.secret(fixture)
        _ = try await Self.controller(fixture).reconcile(key)
        var secret = try await fixture.server.get(.secrets, key)
        let token = Self.data(secret, "token")
        _ = try await fixture.identity(token)
        secret["data", "token"] = nil
        _ = try await fixture.server.replace(.secrets, secret)
        #expect(await TokenTests.refusal(fixture, token).contains("is gone or another"))
        _ = try await Self.controller(fixture).reconcile(key)
        let next = Self.data(try await fixture.server.get(.secrets, key), "token")
        #expect(try await fixture.identity(next).user == "system:serviceaccount:default:ci")
        #expect(await TokenTests.refusal(fixture, token).contains("is gone or another"))
    }

    @Test("They go with their ServiceAccount")
    func removal() async throws {
        let fixture = try await TokenTests.fixture()
        try await Self.secret(fixture)
        _ = try await Self.controller(fixture).reconcile(key)
        let account = ObjectKey(namespace: "default", name: "ci")
        try await fixture.server.delete(.serviceAccounts, account)
        #expect(try await Self.controller(fixture).keys(of: account) == [key])
        // Another account of the same name does not inherit it.
        _ = try await fixture.make(.serviceAccounts, "ci")
        _ = try await Self.controller(fixture).reconcile(key)
        await #expect(throws: Status.self) { try await fixture.server.get(.secrets, key) }
    }

    @Test("Other Secrets are left alone")
    func others() async throws {
        let fixture = try await TokenTests.fixture()
        let other = try await fixture.make(.secrets, "ci-token")
        _ = try await Self.controller(fixture).reconcile(key)
        #expect(try await fixture.server.get(.secrets, key) == other)
    }

    @Test("Every namespace has its ServiceAccount and the authority's certificate")
    func namespaces() async throws {
        let fixture = try await AccessFixture()
        let defaults = NamespaceDefaults(client: fixture.server, certificate: "PEM")
        _ = try await defaults.reconcile(ObjectKey(name: "default"))
        #expect(
            try await fixture.server.get(.serviceAccounts, ObjectKey(namespace: "default", name: "default")).kind
                == "ServiceAccount")
        let place = ObjectKey(namespace: "default", name: "kube-root-ca.crt")
        var map = try await fixture.server.get(.configMaps, place)
        #expect(map.json["data"] == ["ca.crt": "PEM"])
        map.json["data"] = ["ca.crt": "other"]
        _ = try await fixture.server.replace(.configMaps, map)
        _ = try await defaults.reconcile(ObjectKey(name: "default"))
        #expect(try await fixture.server.get(.configMaps, place).json["data"] == ["ca.crt": "PEM"])
        _ = try await defaults.reconcile(ObjectKey(name: "no-such-namespace"))
    }
}
