import Activation
import JSONModel
import JSONWebToken
import KubeAccess
import KubeModel
import ServingAPI
import Synchronization
import Testing

@testable import Authorization

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
