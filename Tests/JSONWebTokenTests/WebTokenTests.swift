import Crypto
import CryptoExtras
import Foundation
import JSONModel
import Testing

@testable import JSONWebToken

@Suite struct WebTokenTests {
    static let signer = WebTokenSigner()
    static let claims: JSONValue = ["iss": "me", "sub": "you", "aud": ["a", "b"], "exp": 2000, "nbf": 1000]

    static func token(_ header: String, _ claims: String, _ signature: [UInt8] = [1, 2, 3]) -> String {
        [Array(header.utf8), Array(claims.utf8), signature].map { Base64URL.encode($0) }.joined(separator: ".")
    }

    @Test("A token that was signed is believed")
    func roundTrip() throws {
        let token = try WebToken(parsing: Self.signer.sign(Self.claims))
        #expect(token.claims == Self.claims)
        #expect(token.algorithm == "ES256")
        #expect(token.keyID == Self.signer.publicKey.id)
        #expect((token.issuer, token.subject) == ("me", "you"))
        #expect(token.audiences == ["a", "b"])
        try WebKeySet([Self.signer.publicKey]).verify(token)
    }

    @Test("A key that was written down signs as before")
    func pem() throws {
        let again = try WebTokenSigner(pem: Self.signer.pem)
        #expect(again.publicKey.json == Self.signer.publicKey.json)
        #expect(throws: (any Error).self) { try WebTokenSigner(pem: "nonsense") }
    }

    @Test("No byte of a token can be changed, but where it stays the same token")
    func tampering() throws {
        let text = try Self.signer.sign(Self.claims)
        let keys = WebKeySet([Self.signer.publicKey])
        for index in text.utf8.indices {
            var bytes = Array(text.utf8)
            let offset = text.utf8.distance(from: text.utf8.startIndex, to: index)
            bytes[offset] = bytes[offset] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let changed = String(decoding: bytes, as: UTF8.self)
            #expect(throws: WebTokenError.self, "byte \(offset)") { try keys.verify(WebToken(parsing: changed)) }
        }
    }

    @Test("A key verifies with its own algorithm only", arguments: ["none", "HS256", "RS256", "EdDSA", "es256", ""])
    func algorithms(_ algorithm: String) throws {
        let parts = try Self.signer.sign(Self.claims).split(separator: ".")
        let header = Base64URL.encode(Array(#"{"alg":"\#(algorithm)"}"#.utf8))
        let keys = WebKeySet([Self.signer.publicKey])
        for signature in [String(parts[2]), ""] {
            let token = try WebToken(parsing: "\(header).\(parts[1]).\(signature)")
            #expect(throws: WebTokenError("the token's signature is not valid")) { try keys.verify(token) }
        }
    }

    @Test("A token that names its key is held to it")
    func keyIDs() throws {
        let other = WebTokenSigner()
        let token = try WebToken(parsing: Self.signer.sign(Self.claims))
        #expect(throws: WebTokenError("the token is signed with a key that is not known")) {
            try WebKeySet([other.publicKey]).verify(token)
        }
        try WebKeySet([other.publicKey, Self.signer.publicKey]).verify(token)
        let impostor = WebKey(id: Self.signer.publicKey.id, other.publicKey.material)
        #expect(throws: WebTokenError.self) { try WebKeySet([impostor]).verify(token) }
    }

    @Test(
        "What is no token is refused",
        arguments: [
            "", ".", "..", "a.b", "a.b.c.d", token("{}", "{}"), token("[]", "{}"), token(#"{"alg":"ES256"}"#, "[]"),
            token(#"{"alg":1}"#, "{}"), token(#"{"alg":"ES256","crit":["b64"]}"#, "{}"), token("{", "{}"),
            "e30=.e30.e30", "e30 .e30.", "é.e30.e30", String(repeating: "a", count: 20_000),
            token(#"{"alg":"ES256"}"#, "{\"a\":\"\(String(repeating: "x", count: 20_000))\"}"),
        ])
    func malformed(_ text: String) { #expect(throws: WebTokenError.self) { try WebToken(parsing: text) } }

    @Test(
        "A token counts from its beginning to its end",
        arguments: [
            (#"{"nbf":1000,"exp":2000}"#, 999, false), (#"{"nbf":1000,"exp":2000}"#, 1000, true),
            (#"{"nbf":1000,"exp":2000}"#, 1999, true), (#"{"nbf":1000,"exp":2000}"#, 2000, false),
            (#"{"exp":2000.5}"#, 2000, true), (#"{"exp":"2000"}"#, 1, false), (#"{"exp":1e400}"#, 1, false),
            (#"{"nbf":null}"#, 1, false), ("{}", 1, true),
        ])
    func time(_ claims: String, _ now: Int64, _ counts: Bool) throws {
        let token = try WebToken(parsing: Self.token(#"{"alg":"ES256"}"#, claims))
        if counts {
            try token.checkTime(now: now)
        } else {
            #expect(throws: WebTokenError.self) { try token.checkTime(now: now) }
        }
    }

    @Test("Clocks may differ by the leeway")
    func leeway() throws {
        let token = try WebToken(parsing: Self.token(#"{"alg":"ES256"}"#, #"{"nbf":1000,"exp":2000}"#))
        try token.checkTime(now: 995, leeway: 5)
        try token.checkTime(now: 2004, leeway: 5)
        #expect(throws: WebTokenError.self) { try token.checkTime(now: 2005, leeway: 5) }
    }

    @Test(
        "One audience may be written as a text", arguments: [(#"{"aud":"a"}"#, ["a"]), (#"{"aud":1}"#, []), ("{}", [])])
    func audiences(_ claims: String, _ expected: [String]) throws {
        #expect(try WebToken(parsing: Self.token(#"{"alg":"ES256"}"#, claims)).audiences == expected)
    }
}

@Suite struct WebKeyTests {
    static let claims = Base64URL.encode(Array(#"{"sub":"x"}"#.utf8))

    static func signed(_ algorithm: String, _ sign: ([UInt8]) throws -> [UInt8]) throws -> WebToken {
        let text = Base64URL.encode(Array(#"{"alg":"\#(algorithm)"}"#.utf8)) + "." + claims
        return try WebToken(parsing: text + "." + Base64URL.encode(sign(Array(text.utf8))))
    }

    @Test("Ed25519 keys verify")
    func edDSA() throws {
        let key = Curve25519.Signing.PrivateKey()
        let token = try Self.signed("EdDSA") { Array(try key.signature(for: $0)) }
        let read = try #require(WebKey(WebKey(id: "k", .edDSA(key.publicKey)).json))
        #expect(read.verifies(token))
        #expect(read.id == "k")
        #expect(!WebTokenTests.signer.publicKey.verifies(token))
    }

    @Test("RSA keys verify")
    func rs256() throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let token = try Self.signed("RS256") {
            Array(
                try key.signature(for: SHA256.hash(data: $0), padding: .insecurePKCS1v1_5).rawRepresentation)
        }
        let read = try #require(WebKey(WebKey(id: nil, .rs256(key.publicKey)).json))
        #expect(read.verifies(token))
    }

    @Test(
        "A published key reads back: RFC 7517, appendix A.1, and RFC 8037, appendix A.2",
        arguments: [
            #"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","kid":"1"}"#,
            #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        ])
    func published(_ text: String) throws {
        let json = try JSONValue(parsing: text)
        let key = try #require(WebKey(json))
        for (name, value) in (json.objectValue ?? [:]).map({ ($0.key, $0.value) }) { #expect(key.json[name] == value) }
    }

    @Test(
        "Keys that cannot be used are left out",
        arguments: [
            #"{"kty":"oct","k":"AAAA"}"#, #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#,
            #"{"kty":"EC","crv":"P-521"}"#,
            #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, "{}", "1",
            #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"enc"}"#,
            #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"ES256"}"#,
        ])
    func unusable(_ text: String) throws {
        let set: JSONValue = ["keys": [try JSONValue(parsing: text), WebTokenTests.signer.publicKey.json]]
        #expect(WebKeySet(set).keys.map(\.id) == [WebTokenTests.signer.publicKey.id])
    }

    @Test("The digest of a key is that of RFC 7638 (RFC 8037, appendix A.3)")
    func thumbprint() throws {
        let json: JSONValue = ["kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"]
        let key = try #require(WebKey(json))
        #expect(key.material.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    }
}
