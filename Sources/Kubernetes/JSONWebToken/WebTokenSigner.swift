import Crypto
import Foundation
package import JSONModel

/// Signs tokens with ES256 (ECDSA over P-256 with SHA-256, RFC 7518, section 3.4).
package struct WebTokenSigner: Sendable {
    private let key: P256.Signing.PrivateKey
    /// What tells whether a token is of this signer.
    package let publicKey: WebKey

    /// A new key.
    package init() { self.init(P256.Signing.PrivateKey()) }

    /// - Parameter pem: as `pem` wrote it.
    /// - Throws: where it is no P-256 key.
    package init(pem: String) throws { self.init(try P256.Signing.PrivateKey(pemRepresentation: pem)) }

    private init(_ key: P256.Signing.PrivateKey) {
        self.key = key
        let material = WebKey.Material.es256(key.publicKey)
        publicKey = WebKey(id: material.thumbprint, material)
    }

    /// PKCS #8. A secret.
    package var pem: String { key.pemRepresentation + "\n" }

    /// The compact form.
    package func sign(_ claims: JSONValue) throws -> String {
        var header: JSONValue = ["alg": "ES256", "typ": "JWT"]
        header["kid"] = publicKey.id.map { .string($0) }
        let signed = Base64URL.encode(header.serialized()) + "." + Base64URL.encode(claims.serialized())
        let signature = try key.signature(for: Array(signed.utf8))
        return signed + "." + Base64URL.encode(signature.rawRepresentation)
    }
}

extension WebKey.Material {
    /// RFC 7638: the digest of the members that make the key, in the order of their names.
    var thumbprint: String { Base64URL.encode(SHA256.hash(data: json.serialized())) }
}
