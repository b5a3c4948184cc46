import APIServer
import Glibc
import JSONModel
import Logging

/// Writes down where this Martlet listens (the kubeconfig, `endpoints.json`), then tells the caller.
func announce(
    _ ports: [String: Int], _ configuration: StandaloneConfiguration, _ pki: PKI, _ logger: Logger,
    _ onUp: @Sendable (InstanceEndpoints) -> Void
) {
    let host = configuration.listenAddress == "0.0.0.0" ? "127.0.0.1" : configuration.listenAddress
    func url(_ scheme: String, _ listener: String) -> String { "\(scheme)://\(host):\(ports[listener] ?? 0)" }
    var endpoints = InstanceEndpoints(
        processID: getpid(), api: url("https", "api"), gateway: url("http", "gateway"), admin: url("http", "admin"),
        domain: configuration.domain, isExposed: !configuration.isLocal)
    if ports["gateway-tls"] != nil { endpoints.gatewayTLS = url("https", "gateway-tls") }
    do {
        try pki.writeAuthority(to: configuration.directory.authority)
        try pki.writeKubeconfig(to: configuration.directory.kubeconfig, server: endpoints.api)
        try PrivateFile.write(endpoints.json.serialized(), to: configuration.directory.endpoints)
    } catch {
        logger.error("Writing down where Martlet listens failed", metadata: ["error": "\(error)"])
    }
    onUp(endpoints)
}

/// Gives the kubeconfig the administrator's new certificate.
func rewriteKubeconfig(_ directory: DataDirectory, _ pki: PKI, _ logger: Logger) {
    guard let endpoints = directory.runningInstance() else { return }
    do { try pki.writeKubeconfig(to: directory.kubeconfig, server: endpoints.api) } catch {
        logger.error("Writing the kubeconfig failed", metadata: ["error": "\(error)"])
    }
}
