import FoundationEssentials
import JSONModel
package import ServingAPI
import SwiftASN1
@_spi(FixedExpiryValidationTime) package import X509

/// A certificate that a client has shown, and whose key it has: TLS saw to that.
package struct ClientCertificate: Sendable {
    package let certificate: Certificate
    /// Whether one of the gateway's own authorities signed it, and it is in force.
    package let isTrusted: Bool
    /// The SPIFFE identity, if it has one and no more.
    package let principal: PeerPrincipal?

    package init(_ certificate: Certificate, isTrusted: Bool) {
        self.certificate = certificate
        self.isTrusted = isTrusted
        let names = try? certificate.extensions.subjectAlternativeNames
        let uris = (names.map(Array.init) ?? []).compactMap { name -> PeerPrincipal? in
            if case .uniformResourceIdentifier(let uri) = name { PeerPrincipal(uri: uri) } else { nil }
        }
        principal = uris.count == 1 ? uris[0] : nil
    }

    /// - Returns: `nil` for what is no certificate.
    package init?(der: [UInt8], isTrusted: Bool) {
        guard let certificate = try? Certificate(derEncoded: der) else { return nil }
        self.init(certificate, isTrusted: isTrusted)
    }

    /// Seconds since 1970.
    var end: Double { certificate.notValidAfter.timeIntervalSince1970 }

    /// The certificates of a PEM document; none where it cannot be read.
    package static func authorities(_ pem: String) -> [Certificate] {
        ((try? PEMDocument.parseMultiple(pemString: pem)) ?? []).compactMap { try? Certificate(pemDocument: $0) }
    }

    /// Whether one of `authorities` signed it, for clients, and it is in force.
    ///
    /// - Parameters:
    ///   - others: certificates that may stand between.
    ///   - now: seconds since 1970.
    package func isSigned(by authorities: [Certificate], others: [Certificate] = [], now: Double) async -> Bool {
        if let usage = try? certificate.extensions.extendedKeyUsage,
            !usage.contains(.clientAuth), !usage.contains(.any)
        {
            return false
        }
        var verifier = Verifier(rootCertificates: CertificateStore(authorities)) {
            RFC5280Policy(fixedExpiryValidationTime: .init(timeIntervalSince1970: now))
        }
        let result = await verifier.validate(leaf: certificate, intermediates: CertificateStore(others))
        if case .validCertificate = result { return true }
        return false
    }

    /// The subject, as Authorino has it.
    var json: JSONValue {
        let names: [(String, ASN1ObjectIdentifier)] = [
            ("Country", .RDNAttributeType.countryName), ("Organization", .RDNAttributeType.organizationName),
            ("OrganizationalUnit", .RDNAttributeType.organizationalUnitName),
            ("Locality", .RDNAttributeType.localityName), ("Province", .RDNAttributeType.stateOrProvinceName),
            ("CommonName", .RDNAttributeType.commonName),
        ]
        var json: JSONValue = [:]
        for (name, type) in names {
            let values = certificate.subject.joined().filter { $0.type == type }
                .compactMap { String($0.value) }
            if name == "CommonName" {
                json[name] = values.first.map { .string($0) }
            } else if !values.isEmpty {
                json[name] = .array(values.map { .string($0) })
            }
        }
        json["SerialNumber"] = .string(String(describing: certificate.serialNumber))
        if let principal { json["Principal"] = .string(principal.name) }
        return json
    }
}
