import AsyncHTTPClient
package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// The Kubernetes API over HTTPS.
///
/// Runs as a `Service` until it is told to stop; watches and logs that are followed end then.
package struct APIFront: Service {
    package struct Configuration: Sendable {
        /// The address to listen on.
        package var host: String
        /// 0 for any free one.
        package var port: Int

        package init(host: String = "127.0.0.1", port: Int = 6443) {
            self.host = host
            self.port = port
        }
    }

    private let configuration: Configuration
    private let certificate: ServingCertificate
    private let renewal: CertificateRenewal
    private let api: API
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - onListening: called once, when connections are taken.
    ///   - onRenewal: called when the certificates were issued anew, which happens while the server runs.
    /// - Throws: where the keys are of no use.
    package init(
        _ configuration: Configuration = Configuration(), pki: PKI, access: AccessControl, server: ObjectServer,
        logs: any PodLogSource, streams: any PodStreamSource = NoPodStreams(), usage: any UsageSource = NoUsage(),
        monitoring: (any MonitoringSource)? = nil, logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in },
        onRenewal: @escaping @Sendable (PKI) -> Void = { _ in }
    ) throws {
        self.configuration = configuration
        certificate = try ServingCertificate(pki)
        renewal = CertificateRenewal(
            certificate: certificate, environment: server.environment, logger: logger, onRenewal: onRenewal)
        var api = API(server: server, logs: logs, streams: streams, usage: usage, access: access)
        api.monitoring = monitoring
        self.api = api
        self.logger = logger
        self.onListening = onListening
    }

    /// - Throws: `ListenError` where the address cannot be had.
    package func run() async throws {
        var api = api
        let proxy = HTTPClient(configuration: Self.proxyConfiguration)
        api.proxy = proxy
        do { try await run(api) } catch {
            try? await proxy.shutdown()
            throw error
        }
        try? await proxy.shutdown()
    }

    /// What a pod answers goes to the client as it is.
    private static var proxyConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)), decompression: .disabled)
        configuration.httpVersion = .http1Only
        return configuration
    }

    private func run(_ api: API) async throws {
        let connections = OpenConnections()
        let listener = try await listen(api, connections)
        await onListening(listener.localAddress?.port ?? 0)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [renewal] in await renewal.run() }
            try? await gracefulShutdown()
            group.cancelAll()
            try? await listener.close()
            await connections.stop()
        }
    }

    private func listen(_ api: API, _ connections: OpenConnections) async throws -> any Channel {
        let tls = try NIOSSLContext(configuration: certificate.tls())
        let group = MultiThreadedEventLoopGroup.singleton
        let loops = Dictionary(
            uniqueKeysWithValues: group.makeIterator().map { (ObjectIdentifier($0), ConnectionLoop($0)) })
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops[ObjectIdentifier(channel.eventLoop)] else { return }
                    connections.add(channel)
                    try HTTPConnection.add(to: channel, of: loop, api, tls)
                }
            }
        do { return try await bootstrap.bind(host: configuration.host, port: configuration.port).get() } catch {
            guard let error = error as? IOError else { throw error }
            throw ListenError(configuration, error)
        }
    }
}

/// What a service group logs: not all that it holds.
extension APIFront: CustomStringConvertible {
    package var description: String { "the API on \(configuration.host):\(configuration.port)" }
}

/// The API's address cannot be had.
package struct ListenError: Error, CustomStringConvertible {
    package var description: String

    init(_ configuration: APIFront.Configuration, _ error: IOError) {
        let remedy =
            error.errnoCode == EADDRINUSE
            ? "another program uses it; stop that one, or choose another port with --api-port"
            : String(cString: strerror(error.errnoCode))
        description = "the API cannot listen on \(configuration.host):\(configuration.port): \(remedy)"
    }
}
