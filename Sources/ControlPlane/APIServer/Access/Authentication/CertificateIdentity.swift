import Crypto
import FoundationEssentials
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

    private struct Known {
        var identity: Identity
        /// Seconds since 1970.
        var end: Double
    }

    private let known = Mutex<[NIOSSLCertificate: Known]>([:])

    /// `nil` where the certificate is nobody's, or has ended: a connection may last longer than the certificate that
    /// began it.
    ///
    /// - Parameters:
    ///   - certificate: one whose chain the TLS handshake has checked.
    ///   - now: seconds since 1970.
    func identity(_ certificate: NIOSSLCertificate, now: Int64) -> Identity? {
        guard let known = found(certificate), Double(now) < known.end else { return nil }
        return known.identity
    }

    private func found(_ certificate: NIOSSLCertificate) -> Known? {
        if let known = known.withLock({ $0[certificate] }) { return known }
        guard let new = Self.read(certificate) else { return nil }
        known.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            known[certificate] = new
        }
        return new
    }

    private static func read(_ certificate: NIOSSLCertificate) -> Known? {
        guard let bytes = try? certificate.toDERBytes(), let parsed = try? Certificate(derEncoded: bytes),
            let identity = Identity(parsed, digest: SHA256.hash(data: bytes).hexadecimal)
        else { return nil }
        return Known(identity: identity, end: parsed.notValidAfter.timeIntervalSince1970)
    }
}

extension SHA256.Digest {
    var hexadecimal: String {
        String(decoding: flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
