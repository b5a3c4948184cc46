import Crypto
import KubeAccess
import NIOSSL
import SwiftASN1
import Synchronization
import X509

extension Identity {
    /// Who a client certificate speaks for: its common name is the user, its organizations are the groups, as in
    /// Kubernetes. `nil` for a certificate without a common name.
    init?(_ certificate: Certificate, digest: String) {
        var user: String?
        var groups: [String] = []
        for attribute in certificate.subject.joined() {
            guard let text = String(attribute.value) else { continue }
            if attribute.type == .RDNAttributeType.commonName { user = text }
            if attribute.type == .RDNAttributeType.organizationName { groups.append(text) }
        }
        guard let user, !user.isEmpty else { return nil }
        self.init(
            user: user, groups: groups + [Self.authenticated],
            extra: ["authentication.kubernetes.io/credential-id": ["X509SHA256=\(digest)"]])
    }
}

/// The identities of certificates that were shown lately, so that each is read once and not at every request.
final class CertificateIdentities: Sendable {
    private static let limit = 256
    private let known = Mutex<[NIOSSLCertificate: Identity]>([:])

    /// - Parameter certificate: one whose chain and life the TLS handshake has checked.
    func identity(_ certificate: NIOSSLCertificate) -> Identity? {
        if let identity = known.withLock({ $0[certificate] }) { return identity }
        guard let identity = Self.read(certificate) else { return nil }
        known.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            known[certificate] = identity
        }
        return identity
    }

    private static func read(_ certificate: NIOSSLCertificate) -> Identity? {
        guard let bytes = try? certificate.toDERBytes(), let parsed = try? Certificate(derEncoded: bytes) else {
            return nil
        }
        return Identity(parsed, digest: SHA256.hash(data: bytes).hexadecimal)
    }
}

extension SHA256.Digest {
    var hexadecimal: String {
        String(decoding: flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
