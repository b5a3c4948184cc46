import APIServer
import FoundationEssentials
import Glibc
import JSONModel
import KubeController
import KubeModel
import Logging
import Proxy
import ServingAPI

/// Gives the gateway the certificates that Secrets hold, and changes them when those change.
///
/// A Secret of type `kubernetes.io/tls` in `martlet-system` is for the host names in its certificate. Only there: who
/// may write Secrets elsewhere may not speak for the hosts of others.
struct GatewayCertificates: Sendable {
    private static let namespace = "martlet-system"

    private let informers: Informers
    private let gateway: Gateway
    private let logger: Logger
    private let changes: AsyncStream<Void>

    init(_ informers: Informers, gateway: Gateway, logger: Logger) {
        self.informers = informers
        self.gateway = gateway
        self.logger = logger
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.changes = changes
        informers.informer(.secrets).subscribe { change in
            if Self.isCertificate(change.object) { continuation.yield() }
        }
    }

    /// Runs until cancelled.
    func run() async {
        await informers.waitUntilSynced()
        publish()
        for await _ in changes { publish() }
    }

    private func publish() {
        let secrets = informers.store(.secrets).all.filter(Self.isCertificate).sorted { $0.key < $1.key }
        let read = secrets.map { secret in (secret, Self.certificate(secret)) }
        for (secret, certificate) in read where certificate == nil { warn(secret, "it has no certificate or no key") }
        let usable = read.compactMap { secret, certificate in certificate.map { (secret, $0) } }
        for (index, error) in gateway.show(usable.map(\.1)) { warn(usable[index].0, "\(error)") }
    }

    private func warn(_ secret: Object, _ why: String) {
        logger.warning(
            "A certificate for the gateway cannot be used; look at tls.crt and tls.key of the Secret",
            metadata: ["secret": "\(secret.key)", "why": "\(why)"])
    }

    private static func isCertificate(_ secret: Object) -> Bool {
        secret.namespace == namespace && secret.json["type"]?.stringValue == "kubernetes.io/tls"
    }

    private static func certificate(_ secret: Object) -> GatewayCertificate? {
        func text(_ key: String) -> String? {
            let bytes = secret.json["data"]?[key]?.stringValue.flatMap { Data(base64Encoded: $0) }
            return bytes.map { String(decoding: $0, as: UTF8.self) }
        }
        guard let chain = text("tls.crt"), let key = text("tls.key"),
            let read = ServerCertificate(chainPEM: chain, keyPEM: key), !read.names.isEmpty
        else { return nil }
        return GatewayCertificate(names: read.names, chainPEM: read.chainPEM, keyPEM: read.keyPEM)
    }
}

extension GatewayTLS {
    /// With certificates of this Martlet's authority, where none are given.
    ///
    /// - Throws: where the authorities for clients cannot be read.
    init(_ configuration: StandaloneConfiguration, port: Int, pki: PKI) throws {
        self.init(port: port) { host in
            let made = try pki.issue(host: host, now: Int64(time(nil)))
            return GatewayCertificate(names: [host], chainPEM: made.chainPEM, keyPEM: made.keyPEM)
        }
        guard configuration.gatewayClientCA != nil || configuration.gatewayAsksForCertificates else { return }
        do {
            clients = try ClientAuthorities(
                path: configuration.gatewayClientCA, areRequired: !configuration.gatewayAsksForCertificates
            ) { Double(time(nil)) }
        } catch {
            throw GatewayStartError(
                "The gateway cannot read the authorities of its clients: \(error). Look at the file of --gateway-client-ca."
            )
        }
    }
}
