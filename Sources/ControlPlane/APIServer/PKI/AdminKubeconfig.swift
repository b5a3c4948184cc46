import FoundationEssentials
import JSONModel

extension PKI {
    /// Writes the kubeconfig (0600, with everything in it) by which kubectl and `martlet` call the server at `url` as its
    /// administrator.
    package func writeKubeconfig(to path: String, server url: String) throws {
        try PrivateFile.write(try kubeconfig(server: url), to: path)
    }

    func kubeconfig(server url: String) throws -> String {
        try kubeconfig(server: url, user: "martlet-admin", admin)
    }

    /// A kubeconfig with a new certificate, by which `user` calls the server at `url`. What they may do there is for
    /// roles to say.
    ///
    /// - Parameters:
    ///   - groups: of which the certificate says the user to be one.
    ///   - lifetime: seconds; a certificate cannot be taken back.
    package func kubeconfig(
        server url: String, user: String, groups: [String], lifetime: Int64, now: Int64
    ) throws -> String {
        let credential = try authority.issueClient(user: user, groups: groups, now: now, lifetime: lifetime)
        return try kubeconfig(server: url, user: user, credential)
    }

    private func kubeconfig(server url: String, user: String, _ credential: Credential) throws -> String {
        func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
        return """
            apiVersion: v1
            kind: Config
            clusters:
            - name: martlet
              cluster:
                server: \(url)
                certificate-authority-data: \(base64(try authority.credential.certificatePEM))
            users:
            - name: \(Self.quoted(user))
              user:
                client-certificate-data: \(base64(try credential.certificatePEM))
                client-key-data: \(base64(credential.keyPEM))
            contexts:
            - name: martlet
              context:
                cluster: martlet
                user: \(Self.quoted(user))
                namespace: default
            current-context: martlet

            """
    }

    /// As YAML takes any text.
    private static func quoted(_ text: String) -> String { JSONValue.string(text).text }
}
