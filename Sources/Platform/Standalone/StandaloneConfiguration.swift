/// The settings of `martlet up`.
package struct StandaloneConfiguration: Sendable {
    package var directory: DataDirectory
    package var listenAddress = "127.0.0.1"
    /// 0 takes any free port (for tests).
    package var apiPort = 6443
    package var gatewayPort = 8080
    package var adminPort = 8081
    /// The gateway's port for TLS; `nil` for none.
    package var gatewayTLSPort: Int?
    /// Connections to the gateway come from a load balancer that says by PROXY protocol whom they are from.
    package var gatewayProxyProtocol = false
    /// A file with the authorities whose certificates clients must show there; `nil`: they need none.
    package var gatewayClientCA: String?
    /// Clients may show certificates there and need not: what they are good for is said by policies.
    package var gatewayAsksForCertificates = false
    /// Where Envoys ask whether requests may go on; `nil`: nowhere.
    package var externalAuthorizationPort: Int?
    /// Where calls of models are written down, each with a hash of those before it; `nil` for nowhere.
    package var callLog: String?
    package var domain = "localhost"
    /// When Martlet is stopped, its pods go on.
    package var keepsPods = false
    /// Where the API's requests are written down; `nil` for nowhere.
    package var auditLog: String?
    /// A file that says which of them and how (`audit.k8s.io/v1` Policy); `nil` for all of them, without bodies.
    package var auditPolicy: String?
    /// The most bytes of memory that models may take together; `nil` for what the machine has.
    package var memoryLimit: Int?
    /// The most bytes of disk that models may take together; `nil` for what there is.
    package var modelCacheLimit: Int?
    /// Whether only models are fetched whose storageUri says which bytes they are.
    package var requiresModelDigest = false
    package var observing = ObservingConfiguration()
    /// The program's, as `martlet version` says it; the store remembers who wrote it.
    package var version = "unknown"

    package init(directory: DataDirectory) { self.directory = directory }

    /// Whether only this machine reaches it.
    var isLocal: Bool { listenAddress.hasPrefix("127.") || listenAddress == "::1" }
}
