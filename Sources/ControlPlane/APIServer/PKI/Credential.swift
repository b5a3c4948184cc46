import Crypto
import SwiftASN1
import X509

/// A certificate and the key it speaks for, kept together in one PEM file, so that they cannot come apart.
struct Credential: Sendable {
    var certificate: Certificate
    var key: P256.Signing.PrivateKey

    var certificatePEM: String {
        get throws { try certificate.serializeAsPEM().pemString + "\n" }
    }

    /// PKCS #8. A secret.
    var keyPEM: String { key.pemRepresentation + "\n" }
}

extension Credential {
    /// `nil` where there is no such file.
    ///
    /// - Throws: `PKIError` where it holds anything but a certificate and its key.
    init?(path: String) throws {
        guard let text = try PrivateFile.read(path) else { return nil }
        let documents = (try? PEMDocument.parseMultiple(pemString: text)) ?? []
        let certificate = documents.lazy.compactMap { try? Certificate(pemDocument: $0) }.first
        let key = documents.lazy.compactMap { try? P256.Signing.PrivateKey(pemRepresentation: $0.pemString) }.first
        guard let certificate, let key, certificate.publicKey == Certificate.PublicKey(key.publicKey) else {
            throw PKIError.unreadable(path)
        }
        self.init(certificate: certificate, key: key)
    }

    func write(to path: String) throws { try PrivateFile.write(certificatePEM + keyPEM, to: path) }
}

/// Keys or certificates that cannot be used: which file, and what to do.
package struct PKIError: Error, Hashable, CustomStringConvertible {
    package var description: String

    static func unreadable(_ path: String) -> PKIError {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
        return PKIError(
            description: "\(path) does not hold a PEM certificate and its key (P-256). Restore it, or move \(directory)"
                + " away: Martlet then makes a new certificate authority, and everyone needs the new kubeconfig.")
    }

    static func unreadableKey(_ path: String) -> PKIError {
        PKIError(
            description:
                "\(path) does not hold a PEM key (P-256). Restore it, or move it away: Martlet then makes a new"
                + " one, and every token of a ServiceAccount must be made anew.")
    }
}
