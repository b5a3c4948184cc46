import FoundationEssentials

extension PKI {
    /// Writes the kubeconfig (0600, with everything in it) by which kubectl and `martlet` call the server at `url` as its
    /// administrator.
    package func writeKubeconfig(to path: String, server url: String) throws {
        try PrivateFile.write(try kubeconfig(server: url), to: path)
    }

    func kubeconfig(server url: String) throws -> String {
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
            - name: martlet-admin
              user:
                client-certificate-data: \(base64(try admin.certificatePEM))
                client-key-data: \(base64(admin.keyPEM))
            contexts:
            - name: martlet
              context:
                cluster: martlet
                user: martlet-admin
                namespace: default
            current-context: martlet

            """
    }
}
