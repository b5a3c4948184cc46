import Crypto
import CryptoExtras
import Foundation

/// A public key that signs tokens, as a JSON Web Key (RFC 7517) has it. A key verifies with its one algorithm only,
/// whatever a token says: so `none`, and keys taken for secrets, are not even thought of.
package struct WebKey: Sendable {
    enum Material: Sendable {
        case es256(P256.Signing.PublicKey)
        case edDSA(Curve25519.Signing.PublicKey)
        case rs256(_RSA.Signing.PublicKey)
    }

    /// `kid`.
    package let id: String?
    let material: Material

    init(id: String?, _ material: Material) {
        self.id = id
        self.material = material
    }

    /// `ES256`, `EdDSA`, `RS256`.
    package var algorithm: String {
        switch material {
        case .es256: "ES256"
        case .edDSA: "EdDSA"
        case .rs256: "RS256"
        }
    }

    /// Whether `token` was signed with this key.
    package func verifies(_ token: WebToken) -> Bool {
        guard token.algorithm == algorithm else { return false }
        switch material {
        case .es256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: token.signature) else {
                return false
            }
            return key.isValidSignature(signature, for: token.signed)
        case .edDSA(let key): return key.isValidSignature(token.signature, for: token.signed)
        case .rs256(let key):
            let signature = _RSA.Signing.RSASignature(rawRepresentation: token.signature)
            return key.isValidSignature(signature, for: SHA256.hash(data: token.signed), padding: .insecurePKCS1v1_5)
        }
    }
}
