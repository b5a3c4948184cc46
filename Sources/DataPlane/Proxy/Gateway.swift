package import Activation
package import Authorization
package import KubeModel
import Logging
import NIOCore
import NIOPosix
import NIOSSL
package import Routing
import Synchronization

/// The gateway: takes requests on one port, finds the model server for each, wakes it if it sleeps, and passes bytes in
/// both directions.
///
///     let gateway = Gateway(configuration: configuration, wakeSignal: autoscaler)
///     try await gateway.start()
///     gateway.swap(RoutingTable.compile(objects, domain: "localhost"))   // whenever objects change
///     await gateway.shutdown(grace: .seconds(10))
package final class Gateway: Sendable {
    private struct State {
        var table = PreparedTable.empty
        var servers: [any Channel] = []
        var port: Int?
        var tlsPort: Int?
        var checkPort: Int?
        var isShutDown = false
        /// The requests that ended last, when there are no event loops any more to ask.
        var leftover: (ended: [EndedRequest], lost: Int) = ([], 0)
    }

    private let configuration: GatewayConfiguration
    private let registry: TrafficRegistry
    private let group: MultiThreadedEventLoopGroup
    let workers: [Worker]
    private let state = Mutex(State())
    private let certificates: ServedCertificates?

    /// Starts the event loops' threads; nothing listens until `start`.
    ///
    /// - Parameter desk: who finds out what is not known of callers; without one, protected services cannot be called.
    package init(configuration: GatewayConfiguration, wakeSignal: any WakeSignal, desk: AccessDesk? = nil) {
        self.configuration = configuration
        let loops = min(max(1, configuration.loops), RevisionLoad.loopLimit)
        certificates = configuration.tls.map(ServedCertificates.init)
        registry = TrafficRegistry(loops: loops, queue: configuration.limits.queue)
        group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
        workers = group.makeIterator().enumerated().map { index, loop in
            Worker(
                index: index, loop: loop, limits: configuration.limits, wakeSignal: wakeSignal,
                connector: SocketConnector(limits: configuration.limits), desk: desk,
                requestLog: configuration.requestLog, callLog: configuration.callLog,
                keepsTrail: configuration.keepsTrail,
                tracing: configuration.tracing)
        }
    }

    /// Listens.
    ///
    /// - Throws: `GatewayStartError`, which names the port and the flag that sets it.
    package func start() async throws {
        for worker in workers { worker.loop.execute { [workers] in worker.peers = workers } }
        let port = try await listen(configuration.port, flag: configuration.portFlag, context: nil)
        state.withLock { $0.port = port }
        if let checks = configuration.externalAuthorizationPort {
            let port = try await listen(checks, flag: "--ext-authz-port", context: nil, isForChecks: true)
            state.withLock { $0.checkPort = port }
        }
        guard let tls = configuration.tls, let certificates else { return }
        let context: NIOSSLContext
        do {
            context = try certificates.context()
        } catch {
            throw GatewayStartError("The gateway cannot speak TLS: \(error).")
        }
        let tlsPort = try await listen(tls.port, flag: tls.portFlag, context: context)
        state.withLock { $0.tlsPort = tlsPort }
        for worker in workers { worker.loop.execute { worker.tlsPort = tlsPort } }
    }

    private func listen(
        _ port: Int, flag: String, context: NIOSSLContext?, isForChecks: Bool = false
    ) async throws -> Int? {
        let byLoop = Dictionary(uniqueKeysWithValues: workers.map { (ObjectIdentifier($0.loop), $0) })
        let takesProxyHeader = configuration.takesProxyHeader && !isForChecks
        let authorities = configuration.tls?.clients
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let worker = byLoop[ObjectIdentifier(channel.eventLoop)] else { return }
                    let pipeline = channel.pipeline.syncOperations
                    if takesProxyHeader { try pipeline.addHandler(ProxyHeader()) }
                    let trust = context.flatMap { _ in authorities.map(ClientTrust.init) }
                    if let context {
                        try pipeline.addHandler(
                            trust?.handler(context: context) ?? NIOSSLServerHandler(context: context))
                    }
                    try pipeline.addHandler(
                        OpeningConnection(
                            worker: worker, isSecure: context != nil, trust: trust, check: isForChecks ? .http : nil))
                }
            }
        do {
            let server = try await bootstrap.bind(host: configuration.host, port: port).get()
            state.withLock { $0.servers.append(server) }
            return server.localAddress?.port
        } catch {
            throw GatewayStartError("\(configuration.host):\(port)", flag: flag, cause: error)
        }
    }

    /// The port that it listens on; `nil` before `start`.
    package var boundPort: Int? { state.withLock { $0.port } }

    /// The port for TLS; `nil` where there is none.
    package var boundTLSPort: Int? { state.withLock { $0.tlsPort } }

    /// The port for Envoys that ask; `nil` where there is none.
    package var boundCheckPort: Int? { state.withLock { $0.checkPort } }

    /// Shows these from the next handshake on; where two are for one name, the first one.
    ///
    /// - Returns: For those that cannot be used, why; by their index.
    package func show(_ certificates: [GatewayCertificate]) -> [Int: any Error] {
        self.certificates?.give(certificates) ?? [:]
    }

    /// Takes a new table in use: endpoints that it lacks get no request from now on, requests that wait for one that it
    /// brings go ahead.
    ///
    /// - Parameter access: who may take which of its routes.
    package func swap(_ table: RoutingTable, _ access: AccessTable = .open) {
        state.withLock { state in
            guard !state.isShutDown else { return }
            let prepared = registry.prepare(table, access, at: now)
            state.table = prepared
            certificates?.serve(table)
            // Under the lock, so that every loop gets the tables in the same order.
            for worker in workers { worker.loop.execute { worker.apply(prepared) } }
        }
    }

    /// Takes a key in use, or out of use: it lets nobody in once every event loop has heard of it, within moments.
    package func apply(_ change: KeyChange) {
        // Under the lock, so that every loop hears of changes in the same order.
        state.withLock { state in
            guard !state.isShutDown else { return }
            for worker in workers { worker.loop.execute { worker.apply(change) } }
        }
    }

    /// Stops listening, lets the running requests end for at most `grace`, cuts the others, and frees everything. Only
    /// the first call does so; others return at once.
    package func shutdown(grace: Duration) async {
        let (isFirst, servers) = state.withLock { state in
            defer { state.isShutDown = true }
            return (!state.isShutDown, state.servers)
        }
        guard isFirst else { return }
        for server in servers { try? await server.close().get() }
        let ended = workers.map { worker in worker.loop.flatSubmit { worker.stop() } }
        let loop = group.next()
        let deadline = loop.scheduleTask(in: TimeAmount(grace)) {}
        let allEnded = EventLoopFuture.andAllComplete(ended, on: loop)
        allEnded.whenComplete { _ in deadline.cancel() }
        _ = try? await deadline.futureResult.get()
        for worker in workers { try? await worker.loop.submit { worker.cutAll() }.get() }
        // A client that reads gets the error that ends its answer; the others are not waited for.
        let patience = loop.scheduleTask(in: TimeAmount(min(grace, .milliseconds(500)))) {}
        allEnded.whenComplete { _ in patience.cancel() }
        _ = try? await patience.futureResult.get()
        for worker in workers { try? await worker.loop.submit { worker.abort() }.get() }
        _ = try? await allEnded.get()
        let leftover = await askEnded()
        state.withLock { $0.leftover = leftover }
        try? await group.shutdownGracefully()
    }
}

// What others ask while it runs; from any thread.
extension Gateway {
    var isShutDown: Bool { state.withLock { $0.isShutDown } }

    func takeLeftover() -> (ended: [EndedRequest], lost: Int) {
        state.withLock { state in
            defer { state.leftover = ([], 0) }
            return state.leftover
        }
    }

    /// The traffic of every revision in the table, sorted by name.
    package var traffic: [RevisionTraffic] { registry.read(at: now) }

    /// Requests that no revision could be found for.
    package var unrouted: TrafficReading {
        var sum = TrafficReading()
        for worker in workers { sum.add(worker.counters.read()) }
        return sum
    }

    /// The requests of a revision, exactly; `nil` where the table does not have it.
    ///
    /// `reading.average(since: earlier)` is the average number of requests at once between two readings, those that
    /// wait included.
    package func concurrency(of revision: ObjectKey) -> ConcurrencyReading? {
        registry.load(of: revision)?.read(at: now)
    }

    /// The replicas among which there is a choice: what their engines say is worth asking.
    package var choices: [Endpoint] { registry.choices }

    /// What an engine says of itself: counts in the choice of replicas for some seconds.
    package func note(_ engine: EngineGauge, of endpoint: Endpoint) { registry.note(engine, of: endpoint, at: now) }

    /// Tokens of the prompts of a revision's requests under way, and of what was generated for them: an estimate.
    package func tokensInFlight(of revision: ObjectKey) -> Int { registry.tokensInFlight(of: revision) }

    /// Requests in flight at a pod.
    package func inFlight(podUID: String) -> Int { registry.inFlight(podUID: podUID) }

    /// Sends no more requests to a pod, whatever the table says, and waits until those it has have ended. The caller
    /// bounds the wait by cancelling its task.
    package func drain(podUID: String) async {
        for load in registry.retire(podUID: podUID) {
            let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
            load.whenDrained { continuation.finish() }
            for await _ in stream {}
        }
    }

    /// Ends the requests that a pod still has, so that each client sees that its answer is not complete. The pod can be
    /// signalled then: model servers behave badly when they are while streams are open.
    package func cut(podUID: String) async {
        let loads = registry.retire(podUID: podUID)
        for worker in workers { try? await worker.loop.submit { worker.cut(loads) }.get() }
    }

    private var now: MonotonicTime { MonotonicTime(.now()) }
}

/// Why the gateway does not listen.
package struct GatewayStartError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    init(_ address: String, flag: String, cause: any Error) {
        if let error = cause as? IOError, error.errnoCode == EADDRINUSE {
            description =
                "The gateway cannot listen on \(address): another program has this port. Choose another one with \(flag)."
        } else {
            description = "The gateway cannot listen on \(address) (\(flag)): \(cause)"
        }
    }
}
