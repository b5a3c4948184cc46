import Activation
import Routing

@testable import Proxy

/// One event loop's side of a revision, as `RevisionShare`.
final class SimulatedShare {
    let load: RevisionLoad
    let meter: ConcurrencyMeter
    var gate: RevisionGate<Call>
    var endpoints: [(endpoint: Endpoint, load: EndpointLoad)] = []

    init(_ load: RevisionLoad, loop: Int) {
        self.load = load
        meter = load.meters[loop]
        gate = RevisionGate(load, loop: loop)
    }
}

/// One event loop of the gateway: `Worker` and `ClientConnection` line by line, without sockets. What is decided is
/// decided by the real `RevisionGate`, `EndpointLoad`, `RevisionLoad`, `ExchangeProgress` and `Route`.
final class SimulatedLoop {
    let index: Int
    let events: EventQueue
    unowned let gateway: SimulatedGateway
    private var mailbox: [() -> Void] = []
    private var table = RoutingTable()
    private(set) var inOrder: [SimulatedShare] = []
    private(set) var shares: [ObjectIdentifier: SimulatedShare] = [:]
    private var turn: UInt32 = 0
    private var calls = 0
    private var isTicking = false

    var referee: Referee { gateway.referee }
    var now: MonotonicTime { events.now }

    init(index: Int, gateway: SimulatedGateway) {
        self.index = index
        self.gateway = gateway
        events = gateway.events
    }

    /// As `EventLoop.execute`: in order, some time later.
    func execute(_ task: @escaping () -> Void) {
        mailbox.append(task)
        events.after(events.random.chance(2) ? .zero ... .milliseconds(20) : .zero ... .microseconds(200)) {
            self.mailbox.removeFirst()()
        }
    }

    // MARK: Tables

    func apply(_ prepared: PreparedTable) {
        let old = shares
        shares = [:]
        table = prepared.table
        inOrder = zip(table.revisions, prepared.revisions).map { revision, prepared in
            let id = ObjectIdentifier(prepared.load)
            let share = old[id] ?? SimulatedShare(prepared.load, loop: index)
            share.endpoints = Array(zip(revision.endpoints, prepared.endpoints))
            share.gate.setEndpoints(prepared.endpoints)
            shares[id] = share
            return share
        }
        let gone = old.filter { shares[$0.key] == nil }.values
        for share in gone.sorted(by: { $0.load.name < $1.load.name }) { dissolve(share) }
        for share in inOrder where share.gate.waiting > 0 {
            letThrough(share)
            if share.gate.waiting > 0, share.endpoints.isEmpty, share.load.beginWaking() { gateway.wake(share.load) }
        }
    }

    private func dissolve(_ share: SimulatedShare) {
        share.endpoints = []
        share.gate.setEndpoints([])
        for call in share.gate.removeAll() {
            share.meter.leave(at: now)
            call.share = nil
            route(call)
        }
    }

    private func tick() {
        isTicking = calls > 0
        guard isTicking else { return }
        for share in inOrder where share.gate.waiting > 0 {
            if share.endpoints.isEmpty { gateway.wake(share.load) } else { letThrough(share) }
        }
        events.after(gateway.limits.tick) { self.tick() }
    }

    // MARK: Requests

    func begin(_ call: Call) {
        calls += 1
        if !isTicking {
            isTicking = true
            events.after(gateway.limits.tick) { self.tick() }
        }
        route(call)
    }

    private func route(_ call: Call) {
        turn &+= 1
        let path: [UInt8] = [UInt8(ascii: "/")]
        guard case .route(let index, _) = table.destination(host: Array(call.host.utf8).span, path: path.span),
            let revision = table.routes[index].revision(turn: turn)
        else {
            end(call, status: 503)
            return
        }
        let share = inOrder[revision]
        call.share = share
        share.meter.enter(at: now)
        ask(call, share)
    }

    private func ask(_ call: Call, _ share: SimulatedShare) {
        let caller = gateway.mutation == .knowsNoCallers ? Caller(hash: 0) : call.caller
        switch share.gate.admit(call, from: caller, at: now) {
        case .go(let index): goAhead(call, to: share.endpoints[index])
        case .hold(let ticket, let wakes):
            call.phase = .held(ticket)
            call.waitingSince = call.waitingSince ?? now
            call.waitNumber = gateway.nextWaitNumber()
            call.ahead = gateway.waiting(before: call, share.load)
            call.passed = [:]
            call.hasTurn = false
            referee.note("call \(call.number) waits on loop \(index), \(call.ahead) ahead, wakes: \(wakes)")
            if wakes { gateway.wake(share.load) }
            letThrough(share)
        case .full, .shed: end(call, status: 503)
        }
    }

    func letThrough(_ share: SimulatedShare) {
        while let turn = share.gate.next(at: now) {
            switch turn {
            case .go(let call, let index):
                gateway.turn(of: call, share.load)
                goAhead(call, to: share.endpoints[index])
            case .handOver(let request, let endpoint): handOver(endpoint, to: request, of: share)
            }
        }
    }

    private func letThrough(_ share: SimulatedShare, at moment: MonotonicTime) {
        let load = share.load
        events.after(.nanoseconds(max(0, moment.nanoseconds - now.nanoseconds))) {
            if let share = self.shares[ObjectIdentifier(load)] { self.letThrough(share) }
        }
    }

    private func goAhead(_ call: Call, to target: (endpoint: Endpoint, load: EndpointLoad)) {
        call.phase = .connecting
        call.endpoint = target.load
        call.attempt += 1
        gateway.granted(call, to: target.endpoint)
        let attempt = call.attempt
        events.after(.microseconds(20) ... .milliseconds(2)) {
            guard case .connecting = call.phase, call.attempt == attempt else { return }
            if call.pod?.isListening == true { self.forward(call) } else { self.connectFailed(call) }
        }
    }

    private func connectFailed(_ call: Call) {
        guard let share = call.share, let endpoint = call.endpoint else { return }
        letThrough(share, at: endpoint.eject(at: now))
        releasePlace(call)
        let first = call.firstFailure ?? now
        call.firstFailure = first
        if now > first.advanced(by: gateway.limits.unreachable) {
            end(call, status: 502)
        } else {
            ask(call, share)
        }
    }

    private func forward(_ call: Call) {
        call.endpoint?.succeed()
        call.phase = .answering
        call.progress.isSent = true
        let attempt = call.attempt
        events.after(call.duration / 2) {
            guard case .answering = call.phase, call.attempt == attempt else { return }
            call.progress.isResponseStarted = true
        }
        events.after(call.duration) {
            guard case .answering = call.phase, call.attempt == attempt else { return }
            self.end(call, status: 200)
        }
    }

    /// The pod's process has ended.
    func lost(_ call: Call) {
        guard case .answering = call.phase, let share = call.share, let endpoint = call.endpoint else { return }
        switch call.progress.recovery(hasAnswered: call.progress.isResponseStarted) {
        case .reconnect, .requeue:
            call.progress.isSent = false
            call.progress.replays += 1
            letThrough(share, at: endpoint.eject(at: now))
            releasePlace(call)
            ask(call, share)
        case .fail, .cut: end(call, status: 502)
        }
    }

    /// The caller has gone.
    func leave(_ call: Call) {
        switch call.phase {
        case .ended: return
        case .held(let ticket): call.share?.gate.cancel(ticket)
        case .answering where gateway.mutation == .keepsPlaceOfLeaver: call.endpoint = nil
        default: break
        }
        end(call, status: 499)
    }

    func end(_ call: Call, status: Int) {
        releasePlace(call)
        call.share?.meter.leave(at: now)
        call.share = nil
        call.phase = .ended(status)
        calls -= 1
        referee.ended(call, status: status)
    }

    // MARK: Places

    private func releasePlace(_ call: Call) {
        guard let endpoint = call.endpoint, let share = call.share else { return }
        call.endpoint = nil
        gateway.returned(call)
        release(endpoint, of: share)
    }

    private func release(_ endpoint: EndpointLoad, of share: SimulatedShare) {
        guard case .handOver(let request) = share.gate.release(endpoint, at: now) else { return }
        handOver(endpoint, to: request, of: share)
    }

    private func handOver(_ endpoint: EndpointLoad, to request: HeldRequest, of share: SimulatedShare) {
        gateway.turn(of: request, share.load)
        if gateway.mutation == .losesHandOvers, request.loop != index { return }
        let load = share.load
        if request.loop == index {
            accept(endpoint, for: request, of: load)
        } else {
            let peer = gateway.loops[request.loop]
            peer.execute { peer.accept(endpoint, for: request, of: load) }
        }
    }

    private func accept(_ endpoint: EndpointLoad, for request: HeldRequest, of load: RevisionLoad) {
        guard let share = shares[ObjectIdentifier(load)] else {
            endpoint.release()
            return
        }
        switch share.gate.accept(endpoint, for: request) {
        case .go(let call, let index): goAhead(call, to: share.endpoints[index])
        case .left: release(endpoint, of: share)
        case .unknown:
            share.gate.waiter(of: request)?.hasTurn = false
            referee.strayHandOvers += 1
            endpoint.release()
            letThrough(share)
        }
    }
}
