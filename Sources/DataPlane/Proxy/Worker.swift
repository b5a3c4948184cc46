import Activation
import Authorization
import KubeAccess
import NIOCore
import Routing

/// Opens a connection to an endpoint, or a stream on one that is open. Tests put their own in the place of sockets.
protocol UpstreamConnector: Sendable {
    /// The returned future is completed on `loop`, with `connection` in the new channel's pipeline.
    func connect(
        _ connection: UpstreamConnection, to target: UpstreamTarget, on loop: any EventLoop, timeout: TimeAmount
    ) -> EventLoopFuture<Void>
}

/// All that one event loop owns: its connections, its pools, and its side of each revision. There is no lock, because
/// nothing in it is touched from another thread.
// SAFETY: every member is used on `loop` only, but for the constants and `counters`, which are Sendable; other threads
// come in by `loop.execute`.
final class Worker: @unchecked Sendable {
    let index: Int
    let loop: any EventLoop
    let limits: GatewayLimits
    let wakeSignal: any WakeSignal
    let connector: any UpstreamConnector
    let requestLog: (any RequestLog)?
    let callLog: (any CallLog)?
    /// Who finds out what is not known of callers; `nil`: nobody.
    let desk: AccessDesk?
    var access: LoopAccess<AccessWait>
    /// Seconds since 1970.
    let wallClock: @Sendable () -> Double
    /// Of requests that belong to no revision.
    let counters = TrafficCounters()
    let accessCounters = AccessCounters()

    private(set) var table = WorkerTable(table: RoutingTable(), access: .open, shares: [])
    private var shares: [ObjectIdentifier: RevisionShare] = [:]
    private var endpoints: [ObjectIdentifier: EndpointShare] = [:]
    /// All workers, this one too. Emptied at the end.
    var peers: [Worker] = []
    private var turn: UInt32 = 0
    var connections: [ClientConnection] = []
    /// Clients that speak HTTP/2; their requests are in `connections`.
    var sessions: [ObjectIdentifier: ServerSession] = [:]
    /// Copies of requests under way.
    var shadows = 0
    var shadowTurn: UInt32 = 0
    /// Where clients are sent that may come with TLS only.
    var tlsPort: Int?
    /// Of the latest request.
    var lastNumber: UInt64 = 0
    var trail = RequestTrail()
    let keepsTrail: Bool
    let tracing: TracePolicy?
    var random = TraceIDs()
    var isTicking = false
    var isStopping = false
    var whenEmpty: EventLoopPromise<Void>?

    init(
        index: Int, loop: any EventLoop, limits: GatewayLimits, wakeSignal: any WakeSignal,
        connector: any UpstreamConnector, desk: AccessDesk? = nil, requestLog: (any RequestLog)? = nil,
        callLog: (any CallLog)? = nil, keepsTrail: Bool = true, tracing: TracePolicy? = nil
    ) {
        self.index = index
        self.loop = loop
        self.limits = limits
        self.wakeSignal = wakeSignal
        self.connector = connector
        self.requestLog = requestLog
        self.keepsTrail = keepsTrail
        self.tracing = tracing
        self.callLog = callLog
        self.desk = desk
        // Without anyone who knows keys none has time left.
        let endOfTime: @Sendable () -> Double = { .infinity }
        let wallClock = desk?.now ?? endOfTime
        self.wallClock = wallClock
        access = LoopAccess(epoch: desk?.epoch ?? AccessEpoch(), wallClock: wallClock)
    }

    var now: MonotonicTime { MonotonicTime(loop.now) }

    func nextTurn() -> UInt32 {
        turn &+= 1
        return turn
    }
}

extension MonotonicTime {
    init(_ deadline: NIODeadline) { self.init(nanoseconds: Int64(clamping: deadline.uptimeNanoseconds)) }
}

// Tables.
extension Worker {
    /// Takes a new table in use. Requests that wait for a revision that is gone are routed anew, and those for one that
    /// has no endpoint and no route any more: another one has taken its place.
    func apply(_ prepared: PreparedTable) {
        loop.assertInEventLoop()
        let (oldShares, oldEndpoints) = (shares, endpoints)
        (shares, endpoints) = ([:], [:])
        let inOrder = zip(prepared.table.revisions, prepared.revisions).map { revision, prepared in
            let share =
                oldShares[ObjectIdentifier(prepared.load)]
                ?? RevisionShare(prepared, revision, loop: index, limits: limits)
            let endpoints = zip(revision.endpoints, prepared.endpoints).compactMap { endpoint($0, $1, oldEndpoints) }
            share.update(revision, endpoints, limits: limits, at: now)
            shares[ObjectIdentifier(prepared.load)] = share
            return share
        }
        table = WorkerTable(table: prepared.table, access: prepared.access, shares: inOrder)
        for (id, endpoint) in oldEndpoints where endpoints[id] == nil { endpoint.close() }
        for (id, share) in oldShares where shares[id] == nil { dissolve(share) }
        for (index, share) in inOrder.enumerated() where share.gate.waiting > 0 {
            if share.endpoints.isEmpty, !prepared.table.leads(toRevision: index) {
                for waiter in share.gate.removeAll() { waiter.routeAnew() }
            } else if share.isHopeless {
                for waiter in share.gate.removeAll() { waiter.giveUp() }
            } else {
                serveWaiting(of: share)
            }
        }
    }

    private func serveWaiting(of share: RevisionShare) {
        letThrough(share)
        // Endpoints came and went again before these had their turn.
        if share.gate.waiting > 0, share.endpoints.isEmpty, share.load.beginWaking() { wake(share) }
    }

    private func endpoint(
        _ endpoint: Endpoint, _ load: EndpointLoad, _ old: [ObjectIdentifier: EndpointShare]
    ) -> EndpointShare? {
        let id = ObjectIdentifier(load)
        let share = old[id] ?? EndpointShare(endpoint, load, limits: limits)
        endpoints[id] = share
        return share
    }

    /// The revision was deleted.
    private func dissolve(_ share: RevisionShare) {
        share.setEndpoints([])
        for waiter in share.gate.removeAll() { waiter.routeAnew() }
    }

    func expireIdleUpstreams(at now: MonotonicTime) {
        for endpoint in endpoints.values {
            for target in endpoint.targets { target.closeIdle(at: now) }
        }
    }

    var hasIdleUpstreams: Bool { endpoints.values.contains { !$0.targets.allSatisfy(\.isIdle) } }
}

// Places.
extension Worker {
    /// Lets the waiting requests through, as far as there are places for them.
    func letThrough(_ share: RevisionShare) {
        while let turn = share.gate.next(at: now) {
            switch turn {
            case .go(let waiter, let endpoint): waiter.goAhead(to: share.endpoints[endpoint])
            case .handOver(let request, let endpoint): handOver(endpoint, to: request, of: share)
            }
        }
    }

    /// Gives back a place. Where requests wait, on this loop or another, the next one gets it.
    func release(_ endpoint: EndpointLoad, of share: RevisionShare) {
        if case .handOver(let request) = share.gate.release(endpoint, at: now) {
            handOver(endpoint, to: request, of: share)
        }
    }

    private func handOver(_ endpoint: EndpointLoad, to request: HeldRequest, of share: RevisionShare) {
        if request.loop == index {
            accept(endpoint, for: request, of: share)
        } else if peers.indices.contains(request.loop) {
            let peer = peers[request.loop]
            let load = share.load
            peer.loop.execute { peer.accept(endpoint, for: request, of: load) }
        } else {
            endpoint.release()
        }
    }

    private func accept(_ endpoint: EndpointLoad, for request: HeldRequest, of load: RevisionLoad) {
        if let share = shares[ObjectIdentifier(load)] {
            accept(endpoint, for: request, of: share)
        } else {
            endpoint.release()
        }
    }

    private func accept(_ endpoint: EndpointLoad, for request: HeldRequest, of share: RevisionShare) {
        switch share.gate.accept(endpoint, for: request) {
        case .go(let waiter, let index): waiter.goAhead(to: share.endpoints[index])
        case .left: release(endpoint, of: share)
        case .unknown:
            // Not `release`: it would come straight back while this loop has an older table than the others.
            endpoint.release()
            letThrough(share)
        }
    }

    /// An answer says that the endpoint is broken.
    func noteFailure(of endpoint: EndpointLoad, _ share: RevisionShare) {
        guard let until = share.gate.fail(endpoint, at: now) else { return }
        share.counters.countEjection()
        letThrough(share, at: until)
    }

    func wake(_ share: RevisionShare) {
        wakeSignal.wake(namespace: share.load.namespace, revision: share.load.name)
    }

    /// Waiting requests are let through when an endpoint that was left out may be tried again.
    func letThrough(_ share: RevisionShare, at time: MonotonicTime) {
        let load = share.load
        loop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(UInt64(clamping: time.nanoseconds))) {
            if let share = self.shares[ObjectIdentifier(load)] { self.letThrough(share) }
        }
    }
}
