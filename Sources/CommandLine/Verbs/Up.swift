import ArgumentParser
import KubeModel
import Platform

struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start Martlet on this machine, in the foreground (Ctrl-C stops it).",
        discussion: """
            Everything it keeps is in one folder; it listens on 127.0.0.1 unless --listen says otherwise. Ctrl-C and \
            `martlet down` stop the model servers too; they survive a crash of Martlet, and it goes on with them when it \
            is started again.
            """)

    @Option(help: "The address to listen on. Beyond loopback, everyone who reaches it can call your models.")
    var listen = "127.0.0.1"

    @Option(help: "The Kubernetes API (HTTPS).")
    var apiPort = 6443

    @Option(help: "The gateway that models are called through (HTTP).")
    var gatewayPort = 8080

    @Option(
        help:
            "The gateway with TLS, HTTP/2 and HTTP/1.1 (off by default). Certificates: docs, or `ca.crt` in the data directory."
    )
    var gatewayTlsPort: Int?

    @Option(help: "Clients must show a certificate of an authority in this PEM file on --gateway-tls-port.")
    var gatewayClientCa: String?

    @Flag(help: "A load balancer in front of the gateway says whom connections are from (PROXY protocol, version 2).")
    var gatewayProxyProtocol = false

    @Option(help: "Dashboard, health and metrics (HTTP).")
    var adminPort = 8081

    @Flag(help: "When Martlet is stopped, its model servers go on; for service managers that restart it.")
    var keepPods = false

    @Option(help: "Models are at http://NAME-NAMESPACE.DOMAIN:<gateway port>.")
    var domain = "localhost"

    @Option(
        help:
            "Where models and runtimes that were fetched are kept; several instances may share it. Default: the data directory."
    )
    var cacheDir: String?

    @Option(
        help: "The most memory that models may take together, such as 12Gi. Default: what the machine has, less 100 Mi."
    )
    var memoryLimit: String?

    @Option(
        help:
            "The most disk space that models may take together, such as 200Gi; beyond it, those not used for the longest time go."
    )
    var modelCacheLimit: String?

    @Flag(help: "Fetch only models whose storageUri says which bytes they are: a commit, a digest, an exact version.")
    var requireModelDigest = false

    @Option(help: "Write the API's requests down in this file, as audit.k8s.io/v1 Events; it is rotated at 100 MiB.")
    var auditLog: String?

    @Option(
        help:
            "Which requests are written down, and how: a file with an audit.k8s.io/v1 Policy. Default: all, without bodies."
    )
    var auditPolicy: String?

    @Flag(
        help:
            "Let clients of the TLS port show certificates without needing one: policies and AuthConfigs say what for.")
    var gatewayAsksForCertificates = false

    @Option(help: "Answer Envoys on this port (ext_authz, by gRPC and by HTTP) whether requests may go on.")
    var extAuthzPort: Int?

    @Option(
        help:
            "Write down in this file who called which model and why that was allowed or not; each line holds a hash of those before."
    )
    var callLog: String?

    @OptionGroup(title: "Monitoring") var observing: ObservingOptions

    @Flag(help: "Go on in the background; the output goes to martlet.log in the data directory.")
    var detach = false

    @OptionGroup var instance: InstanceOptions

    func validate() throws {
        if gatewayAsksForCertificates, gatewayTlsPort == nil {
            throw ValidationError("--gateway-asks-for-certificates needs --gateway-tls-port")
        }
        if gatewayClientCa != nil, gatewayTlsPort == nil {
            throw ValidationError(
                "--gateway-client-ca needs --gateway-tls-port: without TLS no client shows a certificate")
        }
        if auditPolicy != nil, auditLog == nil {
            throw ValidationError("--audit-policy needs --audit-log: where to write")
        }
        if let memoryLimit, Quantity(memoryLimit).map({ $0.value <= 0 }) ?? true {
            throw ValidationError("--memory-limit \(memoryLimit): give an amount such as 12Gi or 800Mi")
        }
        if let modelCacheLimit, Quantity(modelCacheLimit).map({ $0.value <= 0 }) ?? true {
            throw ValidationError("--model-cache-limit \(modelCacheLimit): give an amount such as 200Gi")
        }
        for (flag, port) in [
            ("api", apiPort), ("gateway", gatewayPort), ("gateway-tls", gatewayTlsPort ?? 1), ("admin", adminPort),
            ("ext-authz", extAuthzPort ?? 1),
        ]
        where !(1...65535).contains(port) {
            throw ValidationError("--\(flag)-port \(port): a port is a number from 1 to 65535")
        }
    }

    func run() async throws {
        let directory = DataDirectory(instance.directory.path, cache: cacheDir.map(DataDirectory.expand))
        var configuration = StandaloneConfiguration(directory: directory)
        configuration.listenAddress = listen
        configuration.apiPort = apiPort
        configuration.gatewayPort = gatewayPort
        configuration.adminPort = adminPort
        configuration.gatewayTLSPort = gatewayTlsPort
        configuration.gatewayProxyProtocol = gatewayProxyProtocol
        configuration.gatewayClientCA = gatewayClientCa.map(DataDirectory.expand)
        configuration.gatewayAsksForCertificates = gatewayAsksForCertificates
        configuration.externalAuthorizationPort = extAuthzPort
        configuration.callLog = callLog.map(DataDirectory.expand)
        configuration.domain = domain
        configuration.keepsPods = keepPods
        configuration.auditLog = auditLog.map(DataDirectory.expand)
        configuration.auditPolicy = auditPolicy.map(DataDirectory.expand)
        configuration.memoryLimit = memoryLimit.flatMap { Quantity($0)?.value }
        configuration.modelCacheLimit = modelCacheLimit.flatMap { Quantity($0)?.value }
        configuration.requiresModelDigest = requireModelDigest
        configuration.observing = observing.configuration
        configuration.version = Version.number
        if detach {
            let endpoints = try await BackgroundInstance.start(configuration)
            Terminal.write(Greeting(endpoints, directory).text + "\n")
            return
        }
        try await Standalone(configuration).run { endpoints in
            Terminal.write(Greeting(endpoints, directory).text + "\n")
        }
    }
}
