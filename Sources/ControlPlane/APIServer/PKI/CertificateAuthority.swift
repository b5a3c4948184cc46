import Crypto
import FoundationEssentials
import Glibc
import SwiftASN1
import X509

/// Signs the certificates of one Martlet: its server's, and those of whom it lets in.
struct CertificateAuthority: Sendable {
    static let day: Int64 = 86_400
    static let ownLifetime = 3_650 * day
    static let issuedLifetime = 365 * day
    /// A certificate with less than this part of its life left is issued anew: one third.
    static let renewalShare = 3

    let credential: Credential

    init(_ credential: Credential) { self.credential = credential }

    /// A new authority, with a new key.
    ///
    /// - Parameter now: seconds since 1970, as everywhere here.
    init(now: Int64) throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("martlet-ca") }
        let publicKey = Certificate.PublicKey(key.publicKey)
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: Self.date(now - 300), notValidAfter: Self.date(now + Self.ownLifetime), issuer: name,
            subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: publicKey)
            }, issuerPrivateKey: Certificate.PrivateKey(key))
        credential = Credential(certificate: certificate, key: key)
    }

    /// A certificate by which a server proves that it is one of `names`: host names and IP addresses.
    func issueServer(names: [String], now: Int64) throws -> Credential {
        try issue(DistinguishedName { CommonName("martlet") }, usage: .serverAuth, names: names, now: now)
    }

    /// A certificate by which a client proves that it is `user`, one of `groups`.
    ///
    /// - Parameter lifetime: seconds.
    func issueClient(
        user: String, groups: [String], now: Int64, lifetime: Int64 = Self.issuedLifetime
    ) throws -> Credential {
        let subject = try DistinguishedName {
            for group in groups { OrganizationName(group) }
            CommonName(user)
        }
        return try issue(subject, usage: .clientAuth, names: [], now: now, lifetime: lifetime)
    }

    /// Whether `certificate` is of this authority and good for a while yet.
    func vouches(for certificate: Certificate, now: Int64) -> Bool {
        credential.certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
            && certificate.notValidBefore <= Self.date(now)
            && now < Self.renewal(of: certificate)
    }

    /// When `certificate` is to be issued anew, in seconds since 1970.
    static func renewal(of certificate: Certificate) -> Int64 {
        let end = certificate.notValidAfter.timeIntervalSince1970
        let life = end - certificate.notValidBefore.timeIntervalSince1970
        return Int64(end - life / Double(renewalShare))
    }

    private func issue(
        _ subject: DistinguishedName, usage: ExtendedKeyUsage.Usage, names: [String], now: Int64,
        lifetime: Int64 = Self.issuedLifetime
    ) throws -> Credential {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let issuer = credential.certificate
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: Self.date(now - 300), notValidAfter: Self.date(now + lifetime),
            issuer: issuer.subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([usage])
                AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: issuer.publicKey).keyIdentifier)
                if !names.isEmpty { SubjectAlternativeNames(names.map(GeneralName.init(hostOrAddress:))) }
            }, issuerPrivateKey: Certificate.PrivateKey(credential.key))
        return Credential(certificate: certificate, key: key)
    }

    private static func date(_ seconds: Int64) -> Date { Date(timeIntervalSince1970: Double(seconds)) }
}

extension GeneralName {
    /// An IP address where `text` is one, else a DNS name.
    init(hostOrAddress text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self = .ipAddress(ASN1OctetString(contentBytes: withUnsafeBytes(of: v4) { ArraySlice($0) }))
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            self = .ipAddress(ASN1OctetString(contentBytes: withUnsafeBytes(of: v6) { ArraySlice($0) }))
        } else {
            self = .dnsName(text)
        }
    }
}
