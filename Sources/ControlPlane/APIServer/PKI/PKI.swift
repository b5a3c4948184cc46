import Glibc
package import JSONWebToken
import X509

/// The keys of one Martlet, kept in `<data-dir>/pki` (0700; every file 0600): made at the first start, issued anew when
/// they near their end or when the server's names change.
package struct PKI: Sendable {
    let authority: CertificateAuthority
    let server: Credential
    let admin: Credential
    /// Signs the tokens of ServiceAccounts.
    package let tokens: WebTokenSigner
    private let directory: String
    private let names: [String]

    /// - Parameters:
    ///   - directory: made where it does not exist; its parent must.
    ///   - names: the host names and IP addresses by which clients may call the server.
    ///   - now: seconds since 1970.
    /// - Throws: `PKIError` for files that are not what they should be (they are left as they are); `PrivateFile.Failure`
    ///   for those that cannot be read or written. Both say which file and why.
    package init(directory: String, names: [String] = PKI.localNames(), now: Int64) throws {
        try PrivateFile.makeDirectory(directory)
        self.directory = directory
        self.names = names
        tokens = try Self.signer("\(directory)/service-accounts.pem")
        authority = try Self.authority(directory, now)
        server = try Self.current("\(directory)/server.pem", of: authority, now) { [authority] in
            try authority.issueServer(names: names, now: now)
        } unless: { certificate in
            try Set(certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([]))
                == Set(names.map(GeneralName.init(hostOrAddress:)))
        }
        admin = try Self.current("\(directory)/admin.pem", of: authority, now) { [authority] in
            try authority.issueClient(user: "martlet-admin", groups: ["system:masters"], now: now)
        } unless: { _ in
            true
        }
    }

    /// The same keys, with certificates issued anew where they near their end.
    ///
    /// - Throws: as `init`.
    package func renewed(now: Int64) throws -> PKI { try PKI(directory: directory, names: names, now: now) }

    /// When the next certificate is due to be issued anew, in seconds since 1970.
    var renewal: Int64 {
        min(CertificateAuthority.renewal(of: server.certificate), CertificateAuthority.renewal(of: admin.certificate))
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

    private static func signer(_ path: String) throws -> WebTokenSigner {
        if let pem = try PrivateFile.read(path) {
            do { return try WebTokenSigner(pem: pem) } catch { throw PKIError.unreadableKey(path) }
        }
        let signer = WebTokenSigner()
        try PrivateFile.write(signer.pem, to: path)
        return signer
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
