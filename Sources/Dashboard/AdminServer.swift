import Glibc
import Hummingbird
package import Logging
import NIOCore
package import Observability

/// The admin port: health, readiness, metrics, and the dashboard.
package struct AdminServer: Sendable {
    package struct Configuration: Sendable {
        package var address = "127.0.0.1"
        /// 0 takes any free port.
        package var port = 8081

        package init() {}
    }

    private let configuration: Configuration
    private let registry: MetricRegistry
    private let site: Site
    private let runtimes: any RuntimeMetricsSource
    private let isReady: @Sendable () -> Bool
    private let logger: Logger

    /// - Parameter isReady: whether the platform can do its work; `/readyz` answers 503 until then.
    package init(
        _ configuration: Configuration, registry: MetricRegistry, runtimes: any RuntimeMetricsSource, site: Site,
        logger: Logger,
        isReady: @escaping @Sendable () -> Bool
    ) {
        self.configuration = configuration
        self.registry = registry
        self.site = site
        self.runtimes = runtimes
        self.logger = logger
        self.isReady = isReady
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter onStart: called once with the port that is listened on.
    package func run(onStart: @escaping @Sendable (Int) -> Void) async throws {
        let application = Application(
            router: router(),
            configuration: .init(address: .hostname(configuration.address, port: configuration.port)),
            onServerRunning: { channel in onStart(channel.localAddress?.port ?? 0) }, logger: logger)
        do { try await application.run() } catch let error as IOError {
            throw AdminStartError(configuration, error)
        }
    }

    private func router() -> Router<AdminRequestContext> {
        let router = Router(context: AdminRequestContext.self)
        router.get("/healthz") { _, _ in "ok\n" }
        router.get("/livez") { _, _ in "ok\n" }
        router.get("/readyz") { [isReady] _, _ -> EditedResponse<String> in
            let ready = isReady()
            return EditedResponse(status: ready ? .ok : .serviceUnavailable, response: ready ? "ok\n" : "starting\n")
        }
        MetricsRoutes(registry: registry, runtimes: runtimes).add(to: router)
        site.add(to: router)
        return router
    }
}

/// Why the admin port does not listen.
package struct AdminStartError: Error, CustomStringConvertible {
    package let description: String

    init(_ configuration: AdminServer.Configuration, _ error: IOError) {
        let remedy =
            error.errnoCode == EADDRINUSE
            ? "another program has this port. Choose another one with --admin-port."
            : String(cString: strerror(error.errnoCode))
        description = "The admin server cannot listen on \(configuration.address):\(configuration.port): \(remedy)"
    }
}
