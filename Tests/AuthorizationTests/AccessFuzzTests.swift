import CEL
import ClientCertificates
import JSONModel
import JSONWebToken
import KubeModel
import Randomness
import ServingAPI
import SwiftASN1
import Testing

@testable import Authorization

/// Inputs that were good, with pieces changed, doubled and left out: none may be let in by accident, or end the program.
@Suite("Damaged input of authorization")
struct AccessFuzzTests {
    private static let rounds = FuzzRun.iterations(3_000)

    private static func damage(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(4) where !bytes.isEmpty {
            let place = random.below(bytes.count)
            switch random.below(4) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + random.below(8))], at: place)
            default: bytes[place] ^= 1 << UInt8(random.below(8))
            }
        }
        return bytes
    }

    @Test("a token that was damaged is not believed")
    func tokens() throws {
        var random = SeededRandom()
        let signer = WebTokenSigner()
        let keys = WebKeySet([signer.publicKey])
        let good = try signer.sign(["iss": "https://idp", "sub": "ann", "exp": 2_000_000])
        let claims = try WebToken(parsing: good).claims
        for _ in 0..<Self.rounds {
            let text = String(decoding: Self.damage(Array(good.utf8), &random), as: UTF8.self)
            guard let token = try? WebToken(parsing: text), (try? keys.verify(token)) != nil else { continue }
            // What is believed says what was signed, to the last bit.
            #expect(token.claims == claims, "seed \(random.seed)")
        }
    }

    @Test("a certificate that was damaged is of nobody")
    func certificates() async throws {
        var random = SeededRandom()
        let authority = try TestAuthority()
        let root = try authority.certificate.parsed
        var serializer = DER.Serializer()
        try serializer.serialize(try authority.client("ann", spiffe: "spiffe://a/ns/b/sa/c"))
        let good = serializer.serializedBytes
        for _ in 0..<Self.rounds {
            let bytes = Self.damage(good, &random)
            guard bytes != good, let certificate = X509Certificate(der: bytes) else { continue }
            _ = (certificate.subject, certificate.spiffeID)
            let isSigned = await certificate.isSigned(by: [root], now: AuthConfigFixture.now)
            // Bits that nobody signs or reads, such as the unused ones of a bit string, may differ.
            if isSigned { #expect(certificate.spiffeID == "spiffe://a/ns/b/sa/c", "seed \(random.seed)") }
        }
    }

    private static let specs: [JSONValue] =
        AuthConfigFailureTests.evaluators + [
            ["action": "DENY", "rules": [["to": [["operation": ["paths": ["/a/{*}/{**}"], "ports": ["80"]]]]]]],
            ["rules": [["when": [["key": "request.auth.claims[a][b]", "values": ["x*"]]]]]],
            ["jwtRules": [["issuer": "a", "jwks": "{\"keys\":[]}", "fromHeaders": [["name": "x", "prefix": "y "]]]]],
            [
                "mtls": ["mode": "STRICT"], "portLevelMtls": ["80": ["mode": "DISABLE"]],
                "selector": ["matchLabels": ["a": "b"]],
            ],
        ]

    @Test("AuthConfigs and policies that were damaged are read or refused")
    func policies() async throws {
        var random = SeededRandom()
        let request = AccessRequest(head: Array("GET /a/b/c HTTP/1.1\r\nHost: m.example.com\r\n".utf8).span)
        for _ in 0..<Self.rounds {
            let bytes = Self.damage(random.one(of: Self.specs).serialized(), &random)
            guard let spec = try? JSONValue(parsing: bytes) else { continue }
            let object = Object(["apiVersion": "x/v1", "kind": "X", "metadata": ["name": "x"], "spec": spec])
            _ = AuthRules.read(object)
            let (rules, _, problems) = AuthorizationRules.read(object)
            if problems.isEmpty { _ = rules.matches(request.attributes(claims: ["sub": "x"])) }
            _ = (TokenRules.read(object).problems, PeerRules.read(object).problems)
        }
    }

    @Test("expressions that were damaged have a value or an error")
    func expressions() throws {
        var random = SeededRandom()
        let texts = [
            "auth.identity.email.endsWith('@example.com') && request.headers['x-team'] in ['a', 'b']",
            "size(request.path.split('/')) > 2 ? auth.identity.groups.exists(g, g.matches('^a+$')) : false",
            "has(auth.identity.sub) || [1, 2, 3].map(x, x * 2).all(x, x < 7u) || {'a': 1}.a == 1",
        ]
        let json: JSONValue = [
            "auth": ["identity": ["email": "a@example.com", "groups": ["a"]]], "request": ["path": "/a"],
        ]
        for _ in 0..<Self.rounds {
            let text = String(decoding: Self.damage(Array(random.one(of: texts).utf8), &random), as: UTF8.self)
            guard let program = try? CELProgram(text, variables: AuthPredicate.variables) else { continue }
            _ = try? AuthPredicate.program(program).holds(json)
        }
    }
}
