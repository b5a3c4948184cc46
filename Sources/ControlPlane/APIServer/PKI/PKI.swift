import Glibc
import NIOCore
import NIOSSL
import X509

/// The keys of one Martlet, kept in `<data-dir>/pki` (0700; every file 0600): made at the first start, issued anew when
/// they near their end or when the server's names change.
package struct PKI: Sendable {
    let authority: CertificateAuthority
    let server: Credential
    let admin: Credential

    /// - Parameters:
    ///   - directory: made where it does not exist; its parent must.
    ///   - names: the host names and IP addresses by which clients may call the server.
    ///   - now: seconds since 1970.
    /// - Throws: `PKIError` for files that are not what they should be (they are left as they are); `PrivateFile.Failure`
    ///   for those that cannot be read or written. Both say which file and why.
    package init(directory: String, names: [String] = PKI.localNames(), now: Int64) throws {
        try PrivateFile.makeDirectory(directory)
        authority = try Self.authority(directory, now)
        server = try Self.current("\(directory)/server.pem", of: authority, now) { [authority] in
            try authority.issueServer(names: names, now: now)
        } unless: { certificate in
            try Set(certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([]))
                == Set(names.map(GeneralName.init(hostOrAddress:)))
        }
        admin = try Self.current("\(directory)/admin.pem", of: authority, now) { [authority] in
            try authority.issueClient(user: "martlet-admin", group: "system:masters", now: now)
        } unless: { _ in
            true
        }
    }

    /// What this machine is called from itself.
    package static func localNames() -> [String] {
        var buffer = [CChar](repeating: 0, count: 256)
        var names = ["127.0.0.1", "::1", "localhost"]
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return names }
        let host = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if !host.isEmpty, host.utf8.allSatisfy({ $0 < 0x80 }), !names.contains(host) { names.append(host) }
        return names
    }

    private static func authority(_ directory: String, _ now: Int64) throws -> CertificateAuthority {
        if let credential = try Credential(path: "\(directory)/ca.pem") { return CertificateAuthority(credential) }
        let authority = try CertificateAuthority(now: now)
        try authority.credential.write(to: "\(directory)/ca.pem")
        return authority
    }

    private static func current(
        _ path: String, of authority: CertificateAuthority, _ now: Int64, issue: () throws -> Credential,
        unless isFit: (Certificate) throws -> Bool
    ) throws -> Credential {
        if let credential = try Credential(path: path), authority.vouches(for: credential.certificate, now: now),
            try isFit(credential.certificate)
        {
            return credential
        }
        let credential = try issue()
        try credential.write(to: path)
        return credential
    }
}

extension PKI {
    /// TLS for the server. A client need not show a certificate, but one it shows must be of this authority; who may
    /// call without one is for the server to say.
    func serverTLS() throws -> TLSConfiguration {
        let certificate = try NIOSSLCertificate(bytes: Array(server.certificatePEM.utf8), format: .pem)
        let authority = try NIOSSLCertificate(bytes: Array(authority.credential.certificatePEM.utf8), format: .pem)
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(server.keyPEM.utf8), format: .pem)))
        tls.minimumTLSVersion = .tlsv12
        tls.trustRoots = .certificates([authority])
        tls.certificateVerification = .optionalVerification
        tls.applicationProtocols = ["http/1.1"]
        // A client that does not say goodbye does not keep the server from stopping.
        tls.shutdownTimeout = .milliseconds(500)
        return tls
    }
}
