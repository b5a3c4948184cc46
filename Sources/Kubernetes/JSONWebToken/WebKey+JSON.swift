import Crypto
import CryptoExtras
import Foundation
package import JSONModel

extension WebKey {
    /// Reads a key for signatures; `nil` for any other, and for algorithms that are not known here.
    package init?(_ json: JSONValue) {
        guard json["use"]?.stringValue ?? "sig" == "sig", let material = Material(json) else { return nil }
        self.init(id: json["kid"]?.stringValue, material)
        guard json["alg"]?.stringValue ?? algorithm == algorithm else { return nil }
    }

    package var json: JSONValue {
        var json = material.json
        json["alg"] = .string(algorithm)
        json["use"] = "sig"
        json["kid"] = id.map { .string($0) }
        return json
    }
}

extension WebKey.Material {
    init?(_ json: JSONValue) {
        func bytes(_ key: String) -> [UInt8]? { json[key]?.stringValue.flatMap { Base64URL.decode($0.utf8) } }
        switch (json["kty"]?.stringValue, json["crv"]?.stringValue) {
        case ("EC", "P-256"):
            guard let x = bytes("x"), let y = bytes("y"), x.count == 32, y.count == 32,
                let key = try? P256.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            self = .es256(key)
        case ("OKP", "Ed25519"):
            guard let x = bytes("x"), let key = try? Curve25519.Signing.PublicKey(rawRepresentation: x) else {
                return nil
            }
            self = .edDSA(key)
        case ("RSA", _):
            // Keys of fewer than 2048 bits are refused by the library.
            guard let n = bytes("n"), let e = bytes("e"), let key = try? _RSA.Signing.PublicKey(n: n, e: e) else {
                return nil
            }
            self = .rs256(key)
        default: return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .es256(let key):
            let point = Array(key.rawRepresentation)
            return [
                "kty": "EC", "crv": "P-256", "x": .string(Base64URL.encode(point[..<32])),
                "y": .string(Base64URL.encode(point[32...])),
            ]
        case .edDSA(let key):
            return ["kty": "OKP", "crv": "Ed25519", "x": .string(Base64URL.encode(key.rawRepresentation))]
        case .rs256(let key):
            guard let parts = try? key.getKeyPrimitives() else { return ["kty": "RSA"] }
            return [
                "kty": "RSA", "n": .string(Base64URL.encode(parts.modulus)),
                "e": .string(Base64URL.encode(parts.publicExponent)),
            ]
        }
    }
}
