import Activation
import Authorization
import Routing

/// One event loop's side of an endpoint: its connections.
final class EndpointShare {
    let load: EndpointLoad
    let endpoint: Endpoint
    private let main: UpstreamTarget
    /// Where a pod has a port of its own for gRPC.
    private let grpc: UpstreamTarget?

    /// - Returns: `nil` where the endpoint's address is none.
    init?(_ endpoint: Endpoint, _ load: EndpointLoad, limits: GatewayLimits) {
        guard let main = UpstreamTarget(endpoint.address, port: endpoint.port, endpoint.portProtocol, limits: limits)
        else { return nil }
        self.load = load
        self.endpoint = endpoint
        self.main = main
        grpc = endpoint.grpcPort.flatMap { UpstreamTarget(endpoint.address, port: $0, .h2c, limits: limits) }
    }

    var targets: [UpstreamTarget] { [main] + (grpc.map { [$0] } ?? []) }

    func target(forGRPC isGRPC: Bool) -> UpstreamTarget { isGRPC ? grpc ?? main : main }

    func close() { for target in targets { target.close() } }
}

/// One event loop's side of a revision: its waiting requests and its counts.
final class RevisionShare {
    let load: RevisionLoad
    let meter: ConcurrencyMeter
    let counters: TrafficCounters
    /// Of copies of requests.
    let shadowCounters: TrafficCounters
    var gate: RevisionGate<ClientConnection>
    /// In the order of the gate's endpoints.
    private(set) var endpoints: [EndpointShare] = []
    /// As the latest table has it.
    private(set) var revision: RoutedRevision
    private(set) var firstByteTimeout: Duration
    private(set) var idleTimeout: Duration
    private(set) var totalTimeout: Duration?
    /// How long a request waits for a place.
    private(set) var maxWait: Duration
    private(set) var maxRequests: Int?
    private(set) var session: SessionRule?
    private(set) var followsPrefixes = true
    private(set) var trustsPriority = false
    /// Of answers that are asked for again.
    var retries = RetryBudget()
    /// Since when the revision is known to be on its way from zero.
    var startingSince: MonotonicTime?

    init(_ prepared: PreparedTable.Revision, _ revision: RoutedRevision, loop: Int, limits: GatewayLimits) {
        self.revision = revision
        load = prepared.load
        meter = prepared.load.meters[loop]
        counters = prepared.counters[loop]
        shadowCounters = prepared.shadowCounters[loop]
        gate = RevisionGate(prepared.load, loop: loop)
        firstByteTimeout = limits.firstByte
        idleTimeout = limits.betweenBytes
        maxWait = limits.activation
    }

    /// Takes what a new table says.
    func update(_ revision: RoutedRevision, _ endpoints: [EndpointShare], limits: GatewayLimits, at now: MonotonicTime)
    {
        self.revision = revision
        firstByteTimeout = revision.firstByteTimeout ?? limits.firstByte
        idleTimeout = revision.idleTimeout ?? limits.betweenBytes
        totalTimeout = revision.totalTimeout
        maxWait = revision.maxWait ?? limits.activation
        maxRequests = revision.maxRequests
        session = revision.session
        followsPrefixes = revision.followsPrefixes
        trustsPriority = revision.trustsPriority
        if !endpoints.isEmpty {
            startingSince = nil
        } else if startingSince == nil, revision.start.stage > .pending {
            startingSince = now
        }
        setEndpoints(endpoints)
    }

    /// Whether waiting for it would be in vain.
    var isHopeless: Bool { endpoints.isEmpty && revision.start.isHopeless }

    func setEndpoints(_ endpoints: [EndpointShare]) {
        self.endpoints = endpoints
        gate.setEndpoints(endpoints.map(\.load))
    }
}

/// The routing table as one event loop uses it.
final class WorkerTable {
    let table: RoutingTable
    let access: AccessTable
    /// In the order of the table's revisions.
    let shares: [RevisionShare]

    init(table: RoutingTable, access: AccessTable, shares: [RevisionShare]) {
        self.table = table
        self.access = access
        self.shares = shares
    }
}
