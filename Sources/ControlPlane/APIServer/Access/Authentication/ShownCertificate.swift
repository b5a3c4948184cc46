import Crypto
import FoundationEssentials
import KubeAccess
import NIOSSL
import SwiftASN1
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

/// What a client certificate says, and for how long.
struct ShownCertificate: Sendable {
    private let identity: Identity
    /// Seconds since 1970.
    private let end: Double

    /// `nil` where the certificate cannot be read, or is nobody's.
    init?(_ certificate: NIOSSLCertificate) {
        guard let bytes = try? certificate.toDERBytes(), let parsed = try? Certificate(derEncoded: bytes),
            let identity = Identity(parsed, digest: SHA256.hash(data: bytes).hexadecimal)
        else { return nil }
        self.identity = identity
        end = parsed.notValidAfter.timeIntervalSince1970
    }

    /// `nil` where it has ended: a connection may last longer than the certificate that began it.
    ///
    /// - Parameter now: seconds since 1970.
    func identity(now: Int64) -> Identity? { Double(now) < end ? identity : nil }
}

extension SHA256.Digest {
    var hexadecimal: String {
        String(decoding: flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
