/// How to reach one API server, and as whom: a context of a kubeconfig with every file read.
package struct KubeConnection: Sendable, Hashable {
    /// Without a trailing slash: `https://127.0.0.1:6443`.
    package var server: String
    /// The PEM certificates of those who may sign the server's; `nil` trusts what the system trusts.
    package var authority: [UInt8]?
    /// The server's certificate is not checked. Only where a kubeconfig says so.
    package var skipsVerification = false
    /// Both PEM, or both `nil`.
    package var clientCertificate: [UInt8]?
    package var clientKey: [UInt8]?
    package var token: String?
    /// Read again every minute; what it says counts before `token`.
    package var tokenFile: String?
    /// Where objects go that do not say.
    package var namespace: String

    package init(server: String, namespace: String = "default") {
        self.server = server
        self.namespace = namespace
    }
}

/// Without the secrets.
extension KubeConnection: CustomStringConvertible {
    package var description: String { server }
}

/// A kubeconfig that cannot be used: which file, what is wrong, and what to do.
package struct KubeconfigError: Error, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
