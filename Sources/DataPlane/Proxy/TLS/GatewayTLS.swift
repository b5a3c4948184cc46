import NIOSSL

/// How the gateway speaks TLS, on a port of its own.
package struct GatewayTLS: Sendable {
    /// 0: any free port; `Gateway.boundTLSPort` tells which.
    package var port: Int
    /// What the port is set with, for the error that tells that it is taken.
    package var portFlag = "--gateway-tls-port"
    /// `nil`: clients are not asked for certificates.
    package var clients: ClientAuthorities?
    /// Makes a certificate for a host that no given one is for. Called on an event loop, seldom: what it made is kept.
    package var issue: @Sendable (_ host: String) throws -> GatewayCertificate

    package init(port: Int, issue: @escaping @Sendable (_ host: String) throws -> GatewayCertificate) {
        self.port = port
        self.issue = issue
    }
}

/// A certificate with those that vouch for it, and its key.
package struct GatewayCertificate: Sendable, Hashable {
    /// The host names that it is for, in lower case; `*.` stands for one label.
    package var names: [String]
    package var chainPEM: String
    /// A secret.
    package var keyPEM: String

    package init(names: [String], chainPEM: String, keyPEM: String) {
        self.names = names
        self.chainPEM = chainPEM
        self.keyPEM = keyPEM
    }

    /// - Throws: where it is no PEM, or the key is another certificate's.
    func configuration() throws -> TLSConfiguration {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(chainPEM.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem)
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        _ = try NIOSSLContext(configuration: configuration)
        return configuration
    }

    /// The same, for one handshake.
    func shown() throws -> NIOSSLContextConfigurationOverride {
        let configuration = try configuration()
        var shown = NIOSSLContextConfigurationOverride()
        shown.certificateChain = configuration.certificateChain
        shown.privateKey = configuration.privateKey
        return shown
    }
}
