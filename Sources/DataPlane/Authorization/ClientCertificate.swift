package import ClientCertificates
import JSONModel
package import ServingAPI

/// A certificate that a client has shown, and whose key it has: TLS saw to that.
package struct ClientCertificate: Sendable {
    package let certificate: X509Certificate
    /// Whether one of the gateway's own authorities signed it, and it is in force.
    package let isTrusted: Bool
    /// The SPIFFE identity, if it has one and no more.
    package let principal: PeerPrincipal?

    package init(_ certificate: X509Certificate, isTrusted: Bool) {
        self.certificate = certificate
        self.isTrusted = isTrusted
        principal = certificate.spiffeID.flatMap(PeerPrincipal.init)
    }

    /// Who it is, for rules.
    var json: JSONValue {
        var json = certificate.subject
        if let principal { json["Principal"] = .string(principal.name) }
        return json
    }
}
