import NIOCore

/// How this machine reaches the network.
struct NetworkSettings: Sendable {
    var connectTimeout: TimeAmount = .seconds(15)
    /// A connection over which no byte comes for so long is given up.
    var idleTimeout: TimeAmount = .seconds(30)
    /// CA certificates to trust; `nil` for the system's.
    var certificateFile: String?
    var proxies = ProxySettings(environment: [:])

    init() {}

    /// From the variables that pip, uv, curl and others go by.
    init(environment: [String: String]) {
        proxies = ProxySettings(environment: environment)
        certificateFile = ["SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"].lazy
            .compactMap { environment[$0] }.first { FileTree.kind($0) == .file }
    }
}
