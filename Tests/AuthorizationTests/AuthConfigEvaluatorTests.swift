import ClientCertificates
import Crypto
import FoundationEssentials
import JSONModel
import JSONWebToken
import KubeModel
import ServingAPI
import SwiftASN1
import Synchronization
import Testing
import X509

@testable import Authorization

/// A certificate authority, and certificates of it.
struct TestAuthority {
    private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let certificate: Certificate
    static let now = Date(timeIntervalSince1970: AuthConfigFixture.now)

    init() throws {
        let name = try DistinguishedName { CommonName("authority") }
        certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: Self.now - 10,
            notValidAfter: Self.now + 1_000, issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            },
            issuerPrivateKey: key)
    }

    func client(_ name: String, spiffe: String? = nil, end: Double = 100, isServer: Bool = false) throws -> Certificate
    {
        let usage = try ExtendedKeyUsage([isServer ? .serverAuth : .clientAuth])
        let names = spiffe.map { [GeneralName.uniformResourceIdentifier($0)] } ?? []
        return try Certificate(
            version: .v3, serialNumber: .init(), publicKey: Certificate.PrivateKey(P256.Signing.PrivateKey()).publicKey,
            notValidBefore: Self.now - 10, notValidAfter: Self.now + end, issuer: certificate.subject,
            subject: try DistinguishedName {
                CommonName(name)
                OrganizationName("team")
            }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                usage
                if !names.isEmpty { SubjectAlternativeNames(names) }
            }, issuerPrivateKey: key)
    }

    var secret: Object {
        get throws {
            var secret = Object([
                "apiVersion": "v1", "kind": "Secret", "metadata": ["namespace": "default", "name": "ca"],
            ])
            secret.labels = ["app": "models"]
            let pem = try certificate.serializeAsPEM().pemString
            secret.json["data"] = ["ca.crt": .string(Data(pem.utf8).base64EncodedString())]
            return secret
        }
    }
}

extension Certificate {
    /// As the gateway sees it.
    var parsed: X509Certificate {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return try #require(X509Certificate(der: serializer.serializedBytes))
        }
    }
}

@Suite("What AuthConfigs ask others")
struct AuthConfigEvaluatorTests {
    private func fields(_ fixture: AuthConfigFixture, _ fields: [String] = []) async throws -> String {
        guard case .allowed(let grant) = try await fixture.outcome(fields).verdict else { return "denied" }
        return String(decoding: grant.fields, as: UTF8.self)
    }

    @Test("client certificates of an authority that a Secret holds are known, and no others")
    func certificates() async throws {
        let (authority, other) = (try TestAuthority(), try TestAuthority())
        let fixture = try AuthConfigFixture([
            "authentication": ["a": ["x509": ["selector": ["matchLabels": ["app": "models"]]]]],
            "authorization": [
                "b": ["patternMatching": ["patterns": [["predicate": "auth.identity.CommonName == 'ann'"]]]]
            ],
        ])
        let secret = try authority.secret
        fixture.sources.state.withLock { $0.secrets = [secret] }
        let cases: [(Certificate?, Int)] = [
            (try authority.client("ann"), 200), (try authority.client("bob"), 403), (try other.client("ann"), 401),
            (try authority.client("ann", end: -1), 401), (try authority.client("ann", isServer: true), 401), (nil, 401),
        ]
        for (certificate, expected) in cases {
            let shown = try certificate.map { ClientCertificate(try $0.parsed, isTrusted: true) }
            let verdict = try await fixture.outcome(peer: AccessPeer(address: "10.0.0.1", certificate: shown)).verdict
            switch verdict {
            case .allowed, .key: #expect(expected == 200)
            case .denied(let denial): #expect(denial.status == expected)
            }
        }
    }

    @Test("metadata of other servers is there for rules, and missing where they do not answer")
    func metadata() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": [
                "a": ["kubernetesTokenReview": ["audiences": ["x"]], "overrides": ["team": ["value": "b"]]]
            ],
            "metadata": [
                "plan": [
                    "http": [
                        "url": "https://plans/{auth.identity.user.username}", "method": "POST",
                        "bodyParameters": ["team": ["selector": "auth.identity.team.@case:upper"]],
                        "sharedSecretRef": ["name": "s", "key": "clientSecret"],
                    ]
                ]
            ],
            "authorization": [
                "gold": ["patternMatching": ["patterns": [["predicate": "auth.metadata.plan.name == 'gold'"]]]]
            ],
            "response": [
                "success": [
                    "headers": ["x-plan": ["json": ["properties": ["n": ["selector": "auth.metadata.plan.name"]]]]]
                ]
            ],
        ])
        #expect(try await fixture.status(["Authorization: Bearer good"]) == 403)
        fixture.sources.state.withLock { $0.documents["https://plans/ci"] = ["name": "gold"] }
        #expect(try await fields(fixture, ["Authorization: Bearer good"]) == "x-plan: {\"n\":\"gold\"}\r\n")
        let question = try #require(fixture.sources.state.withLock { $0.questions.last })
        #expect(question.body.map { String(decoding: $0, as: UTF8.self) } == "team=B")
        #expect(question.headers.contains { $0.name == "Authorization" && $0.value == "Bearer secret" })
    }

    @Test("what a policy agent or SpiceDB allows is allowed, and kept where the AuthConfig says so")
    func agents() async throws {
        let rule: JSONValue = [
            "opa": ["endpoint": "http://opa/v1/data/allow"],
            "cache": ["key": ["selector": "request.headers.x-team"], "ttl": 60],
        ]
        let fixture = try AuthConfigFixture(["authentication": ["a": ["anonymous": [:]]], "authorization": ["r": rule]])
        #expect(try await fixture.status(["X-Team: a"]) == 503)
        fixture.sources.state.withLock { $0.documents["http://opa/v1/data/allow"] = ["result": ["allow": true]] }
        #expect(try await fixture.status(["X-Team: a"]) == 200)
        fixture.sources.state.withLock { $0.documents = [:] }
        #expect(try await fixture.status(["X-Team: a"]) == 200)
        #expect(try await fixture.status(["X-Team: b"]) == 503)
    }

    @Test("a wristband is signed, and says what it is told to")
    func wristband() async throws {
        let signer = WebTokenSigner()
        let fixture = try AuthConfigFixture([
            "authentication": ["a": ["anonymous": [:]]],
            "response": [
                "success": [
                    "headers": [
                        "x-token": [
                            "wristband": [
                                "issuer": "https://martlet", "signingKeyRefs": [["name": "k", "algorithm": "ES256"]],
                                "customClaims": ["path": ["selector": "request.url_path"]],
                            ]
                        ]
                    ]
                ]
            ],
        ])
        fixture.sources.state.withLock { $0.secretData = ["key.pem": .string(Base64.encode(Array(signer.pem.utf8)))] }
        let line = try await fields(fixture)
        let token = try WebToken(parsing: line.dropFirst("x-token: ".count).dropLast())
        try WebKeySet([signer.publicKey]).verify(token)
        #expect(token.issuer == "https://martlet" && token.claims["path"]?.stringValue == "/v1/models")
        #expect(token.expiration == AuthConfigFixture.now + 300)
    }

    @Test("callbacks hear of every decision, and change none")
    func callbacks() async throws {
        let fixture = try AuthConfigFixture([
            "authentication": ["a": ["kubernetesTokenReview": [:]]],
            "callbacks": [
                "c": ["http": ["url": "http://log", "method": "POST", "body": ["selector": "request.url_path"]]]
            ],
        ])
        #expect(try await fixture.status(["Authorization: Bearer good"]) == 200)
        #expect(try await fixture.status(["Authorization: Bearer bad"]) == 401)
        #expect(fixture.sources.state.withLock { $0.questions.filter { $0.address == "http://log" }.count } == 2)
    }

    @Test(
        "selectors with Authorino's modifiers",
        arguments: [
            ("request.path.@extract:{\"sep\":\"/\",\"pos\":1}", "v1"), ("request.host.@case:upper", "M.EXAMPLE.COM"),
            ("request.host|@replace:{\"old\":\".\",\"new\":\"-\"}", "m-example-com"),
            ("request.method.@base64:encode", "R0VU"), ("request.method.@base64:encode|@base64:decode", "GET"),
            ("Is {request.method} to {request.host.@case:upper}?", "Is GET to M.EXAMPLE.COM?"),
            ("request.path.@extract:{\"sep\":\"/\",\"pos\":9}", ""),
        ])
    func modifiers(text: String, expected: String) throws {
        let selector = try #require(AuthSelector(text))
        let json: JSONValue = ["request": ["path": "/v1/models", "host": "m.example.com", "method": "GET"]]
        #expect((selector.value(in: json) ?? .null).selectedText == expected)
    }
}
