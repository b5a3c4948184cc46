import FoundationEssentials
package import JSONModel
import SwiftASN1
@_spi(FixedExpiryValidationTime) import X509

/// A certificate that a client has shown, or one of an authority.
package struct X509Certificate: Sendable {
    private let certificate: Certificate

    /// - Returns: `nil` for what is no certificate.
    package init?(der: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: der) else { return nil }
        self.certificate = certificate
    }

    private init(_ certificate: Certificate) { self.certificate = certificate }

    /// The certificates of a PEM document; none where it cannot be read.
    package static func all(inPEM pem: String) -> [X509Certificate] {
        ((try? PEMDocument.parseMultiple(pemString: pem)) ?? []).compactMap { try? Certificate(pemDocument: $0) }
            .map { X509Certificate($0) }
    }

    /// Seconds since 1970.
    package var end: Double { certificate.notValidAfter.timeIntervalSince1970 }

    /// The one SPIFFE identity; `nil` for a certificate with none or several.
    package var spiffeID: String? {
        let names = (try? certificate.extensions.subjectAlternativeNames).map(Array.init) ?? []
        let found = names.compactMap { name -> String? in
            if case .uniformResourceIdentifier(let uri) = name, uri.hasPrefix("spiffe://") { uri } else { nil }
        }
        return found.count == 1 ? found[0] : nil
    }

    /// Whether one of `authorities` signed it, for clients, and it is in force.
    ///
    /// - Parameters:
    ///   - others: certificates that may stand between.
    ///   - now: seconds since 1970.
    package func isSigned(
        by authorities: [X509Certificate], others: [X509Certificate] = [], now: Double
    ) async -> Bool {
        if let usage = try? certificate.extensions.extendedKeyUsage,
            !usage.contains(.clientAuth), !usage.contains(.any)
        {
            return false
        }
        var verifier = Verifier(rootCertificates: CertificateStore(authorities.map(\.certificate))) {
            RFC5280Policy(fixedExpiryValidationTime: .init(timeIntervalSince1970: now))
        }
        let result = await verifier.validate(
            leaf: certificate, intermediates: CertificateStore(others.map(\.certificate)))
        if case .validCertificate = result { return true }
        return false
    }

    /// The subject, with the names that Authorino gives its parts.
    package var subject: JSONValue {
        let names: [(String, ASN1ObjectIdentifier)] = [
            ("Country", .RDNAttributeType.countryName), ("Organization", .RDNAttributeType.organizationName),
            ("OrganizationalUnit", .RDNAttributeType.organizationalUnitName),
            ("Locality", .RDNAttributeType.localityName), ("Province", .RDNAttributeType.stateOrProvinceName),
        ]
        var json: JSONValue = ["SerialNumber": .string(String(describing: certificate.serialNumber))]
        json["CommonName"] = texts(.RDNAttributeType.commonName).first.map { .string($0) }
        for (name, type) in names {
            let values = texts(type)
            if !values.isEmpty { json[name] = .array(values.map { .string($0) }) }
        }
        return json
    }

    private func texts(_ type: ASN1ObjectIdentifier) -> [String] {
        certificate.subject.joined().filter { $0.type == type }.compactMap { String($0.value) }
    }
}
