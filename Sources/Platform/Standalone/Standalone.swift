import APIServer
import Dashboard
import Glibc
import KubeController
import KubeModel
import Logging
import NodeAgent
import ObjectStore
import Observability
import Proxy
import ServiceLifecycle
import ServingAPI
import ServingControllers
import UnixSignals

/// Martlet on one machine: the API, the controllers, the node and the gateway in one process.
package struct Standalone: Sendable {
    private let configuration: StandaloneConfiguration

    package init(_ configuration: StandaloneConfiguration) { self.configuration = configuration }

    /// Runs until SIGTERM or SIGINT, then stops every part in order: the gateway first, the API last.
    ///
    /// - Parameter onUp: called once, when everything listens.
    /// - Throws: `StartFailure`, or another error with a clear description, where it cannot start.
    package func run(onUp: @escaping @Sendable (InstanceEndpoints) -> Void) async throws {
        let directory = configuration.directory
        try directory.create()
        let lock = try InstanceLock(directory)
        let logger = Self.logger(configuration.observing.logFormat)
        let store = try ObjectStore(path: directory.database, configuration.store(logger))
        let server = try await ObjectServer(store: store, definitions: ServingKinds.definitions)
        try await PreinstalledObjects.apply(to: server)
        let pki = try PKI(directory: directory.certificates, now: Self.now())
        let audit = try configuration.audit(logger)
        let access = try await AccessControl(server, issuer: TokenIssuer(pki.tokens), audit: audit)
        let parts = try StandaloneParts(configuration, client: server, access: access, pki: pki, logger: logger)
        if let audit { parts.metrics.add { AuditMetrics.collect(audit) } }
        try await parts.node.recover()
        try await parts.gateway.start()
        let tls: Set<String> = parts.gateway.boundTLSPort == nil ? [] : ["gateway-tls"]
        let listening = ListeningPorts(tls.union(["api", "gateway", "admin"])) { [configuration] ports in
            announce(ports, configuration, pki, logger, onUp)
        }
        listening.opened("gateway", port: parts.gateway.boundPort ?? configuration.gatewayPort)
        if let port = parts.gateway.boundTLSPort { listening.opened("gateway-tls", port: port) }
        let api = try APIFront(
            APIFront.Configuration(host: configuration.listenAddress, port: configuration.apiPort), pki: pki,
            access: access, server: server, logs: NodeLogs(logs: parts.node.logs),
            streams: NodeStreams(node: parts.node), usage: NodeUsage(node: parts.node),
            monitoring: parts.observing.monitoring, logger: Self.quiet(logger)
        ) { port in
            listening.opened("api", port: port)
        } onRenewal: { renewed in
            rewriteKubeconfig(directory, renewed, logger)
        }
        var admin = AdminServer.Configuration()
        admin.address = configuration.listenAddress
        admin.port = configuration.adminPort
        let site = Site(siteServices(server, access, parts, logger))
        let adminServer = AdminServer(
            admin, registry: parts.metrics, runtimes: parts.observing.runtimes, site: site, logger: Self.quiet(logger)
        ) {
            listening.isComplete && parts.isReady
        }
        let services: [any Service] =
            (audit.map { [$0] } ?? []) + [
                api, try AccessControllers(server, pki, logger: logger),
                Job { try await adminServer.run { listening.opened("admin", port: $0) } },
                Job.ending { await site.shutDown() },
                Job { await server.expireEvents() },
            ] + parts.services
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(35)
        try await ServiceGroup(configuration: group).run()
        try store.close()
        lock.release()
    }

    private func siteServices(
        _ server: ObjectServer, _ access: AccessControl, _ parts: StandaloneParts, _ logger: Logger
    ) -> SiteServices {
        let api = InProcessAPI(
            server: server, access: access, logs: NodeLogs(logs: parts.node.logs), usage: NodeUsage(node: parts.node),
            userAgent: "martlet-dashboard")
        var services = SiteServices(
            door: DashboardDoor(api: api, access: access, client: server), metrics: parts.metrics, now: Self.now)
        services.linkKey = configuration.directory.makeDashboardKey(logger)
        services.hostNames = MachineNames.all(configuration)
        let host = configuration.listenAddress == "0.0.0.0" ? "127.0.0.1" : configuration.listenAddress
        services.gateway = { [gateway = parts.gateway, configuration] in
            "http://\(host):\(gateway.boundPort ?? configuration.gatewayPort)"
        }
        services.domain = configuration.domain
        services.auditLog = configuration.auditLog
        services.version = configuration.version
        services.history = parts.observing.history
        services.requests = parts.observing.requests
        return services
    }

    private static func logger(_ format: ObservingConfiguration.LogFormat) -> Logger {
        switch format {
        case .text: LoggingSystem.bootstrap(StreamLogHandler.standardError)
        case .json: LoggingSystem.bootstrap(JSONLogHandler.standardError)
        }
        var logger = Logger(label: "martlet")
        let level = getenv("MARTLET_LOG_LEVEL").flatMap { Logger.Level(rawValue: String(cString: $0)) }
        logger.logLevel = level ?? .notice
        return logger
    }

    /// The HTTP library tells as an error what is no more than the end of a connection.
    private static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .critical)
        return quiet
    }

    private static func now() -> Int64 { Int64(time(nil)) }
}
