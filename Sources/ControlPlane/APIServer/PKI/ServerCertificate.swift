import FoundationEssentials
import SwiftASN1
import X509

/// A certificate by which a server proves its names, with its key, as PEM.
package struct ServerCertificate: Sendable, Hashable {
    /// Host names and IP addresses, in lower case.
    package let names: [String]
    package let chainPEM: String
    /// A secret.
    package let keyPEM: String

    /// - Parameter chainPEM: the server's certificate first.
    /// - Returns: `nil` where there is no certificate in it.
    package init?(chainPEM: String, keyPEM: String) {
        let documents = (try? PEMDocument.parseMultiple(pemString: chainPEM)) ?? []
        guard let certificate = documents.lazy.compactMap({ try? Certificate(pemDocument: $0) }).first else {
            return nil
        }
        let names = (try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames([])
        self.names = names.compactMap { name in
            if case .dnsName(let host) = name { host.lowercased() } else { nil }
        }
        self.chainPEM = chainPEM
        self.keyPEM = keyPEM
    }
}

extension PKI {
    /// A new certificate of this authority for a server that is called `host`, or for this machine where that is
    /// `localhost`.
    package func issue(host: String, now: Int64) throws -> (chainPEM: String, keyPEM: String) {
        let names = host == "localhost" ? Self.localNames() : [host]
        let issued = try authority.issueServer(names: names, now: now)
        return (try issued.certificatePEM, issued.keyPEM)
    }

    /// Writes the authority's certificate, without its key, for clients that are to trust what it signed.
    package func writeAuthority(to path: String) throws {
        try PrivateFile.write(try authority.credential.certificatePEM, to: path)
    }
}
