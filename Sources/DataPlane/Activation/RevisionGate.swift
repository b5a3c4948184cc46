/// What a request would like of the choice of its replica.
package struct Placement: Sendable {
    /// Of its prompt, from the beginning: who has them in its cache answers sooner.
    package var blocks: [UInt64] = []
    /// Stays with this replica, if it can be had: `EndpointLoad.identity`.
    package var replica: UInt64?
    /// The same number leads to the same replica as long as the replicas are the same.
    package var session: UInt64?
    package var priority = RequestPriority.standard

    package init() {}
}

/// A place in a revision's queue, by which it can be given up.
package struct HoldTicket: Sendable, Hashable {
    fileprivate let number: UInt64
}

/// One event loop's side of a revision: it lets requests through to endpoints with a free place, and holds the others.
///
/// Who waits stands in one queue for all event loops (`WaitingLine`). A place that comes free is not put back while
/// anyone waits, but handed to the one whose turn it is, on whatever loop it is, and a newcomer does not overtake them.
package struct RevisionGate<Waiter> {
    package enum Admission {
        /// A place at the endpoint with this index was taken.
        case go(Int)
        /// The request waits. The caller calls `next` at once, for a place may have come free in between; and if
        /// `wakes`, the wake signal.
        case hold(HoldTicket, wakes: Bool)
        /// As many requests wait already as may, or they hold as many bytes as they may.
        case full
        /// It may be shed, and all replicas are busy.
        case shed
    }

    package enum Release: Sendable, Hashable {
        case done
        /// The place was kept: give it to `accept` on the loop of this request.
        case handOver(HeldRequest)
    }

    /// What comes of a place that was found free.
    package enum Turn {
        case go(Waiter, endpoint: Int)
        /// It is for one on another loop: as `Release.handOver`.
        case handOver(HeldRequest, EndpointLoad)
    }

    package enum Acceptance {
        case go(Waiter, endpoint: Int)
        /// The request has left meanwhile: the place is for the next one.
        case left
        /// The endpoint is unknown here: another table is in use. The request waits on, as the next one.
        case unknown
    }

    private struct Held {
        let waiter: Waiter
        let caller: Caller
        let priority: RequestPriority
        let bytes: Int
        var ticket: WaitingLine.Ticket
    }

    package let load: RevisionLoad
    package private(set) var endpoints: [EndpointLoad] = []
    private let loop: Int
    private var held: [UInt64: Held] = [:]
    private var nextNumber: UInt64 = 0
    private var balancer = ReplicaBalancer()

    package init(_ load: RevisionLoad, loop: Int) {
        self.load = load
        self.loop = loop
    }

    /// Requests that wait on this loop.
    package var waiting: Int { held.count }

    /// - Parameter bytes: What the request may come to hold in memory while it waits.
    package mutating func admit(
        _ waiter: Waiter, from caller: Caller, _ placement: Placement = Placement(), bytes: Int = 0,
        at now: MonotonicTime
    ) -> Admission {
        if load.line.isEmpty, let index = acquire(placement, at: now) { return .go(index) }
        if placement.priority == .sheddable, !endpoints.isEmpty { return .shed }
        let number = nextNumber
        let request = HeldRequest(loop: loop, number: number)
        guard let ticket = load.line.append(request, from: caller, placement.priority, bytes: bytes) else {
            return .full
        }
        nextNumber += 1
        held[number] = Held(
            waiter: waiter, caller: caller, priority: placement.priority, bytes: bytes, ticket: ticket)
        return .hold(HoldTicket(number: number), wakes: endpoints.isEmpty && load.beginWaking())
    }

    /// Takes a place for a request that does not wait.
    ///
    /// - Returns: An endpoint's index; `nil` where there is no free place, or others wait for one.
    package mutating func takeFreePlace(at now: MonotonicTime) -> Int? {
        load.line.isEmpty ? acquire(Placement(), at: now) : nil
    }

    /// Whose turn it is, if an endpoint has a place. Called until it says `nil`, whenever endpoints or places may have
    /// come.
    package mutating func next(at now: MonotonicTime) -> Turn? {
        while !load.line.isEmpty, let index = acquire(Placement(), at: now) {
            let endpoint = endpoints[index]
            guard let request = load.line.popFirst() else {
                endpoint.release()
                continue
            }
            guard request.loop == loop else { return .handOver(request, endpoint) }
            if let waiter = take(request.number) { return .go(waiter, endpoint: index) }
            endpoint.release()
        }
        return nil
    }

    /// Gives up a place in the queue.
    ///
    /// - Returns: Whether it was still there: `false` means that the request was let through before.
    @discardableResult
    package mutating func cancel(_ ticket: HoldTicket) -> Bool {
        guard let left = held.removeValue(forKey: ticket.number) else { return false }
        load.line.remove(left.ticket)
        noteLeaving()
        return true
    }

    /// Everyone who waits on this loop, in the order in which they came, out of the queue: the revision is gone.
    package mutating func removeAll() -> [Waiter] {
        let all = held.sorted { $0.key < $1.key }.map(\.value)
        held = [:]
        for left in all { load.line.remove(left.ticket) }
        noteLeaving()
        return all.map(\.waiter)
    }

    package mutating func setEndpoints(_ endpoints: [EndpointLoad]) { self.endpoints = endpoints }

    /// Gives back the place of a request that has ended.
    package func release(_ endpoint: EndpointLoad, at now: MonotonicTime) -> Release {
        // An endpoint that cannot be reached is of no use to those who wait.
        if endpoint.isEjected(at: now) {
            endpoint.release()
            return .done
        }
        if !load.line.isEmpty, !endpoint.isClosed, let request = load.line.popFirst() { return .handOver(request) }
        endpoint.release()
        // Someone may have begun to wait between the look and the release, and have found no place.
        while !load.line.isEmpty, endpoint.acquire(limit: load.concurrencyLimit) {
            if let request = load.line.popFirst() { return .handOver(request) }
            endpoint.release()
        }
        return .done
    }

    /// Takes a place that was handed over to a request of this loop.
    package mutating func accept(_ endpoint: EndpointLoad, for request: HeldRequest) -> Acceptance {
        guard let index = endpoints.firstIndex(where: { $0 === endpoint }) else {
            guard let waiting = held[request.number] else { return .left }
            held[request.number]?.ticket = load.line.putBack(
                request, from: waiting.caller, waiting.priority, bytes: waiting.bytes)
            return .unknown
        }
        return take(request.number).map { .go($0, endpoint: index) } ?? .left
    }

    /// An answer of this endpoint says that it is broken. One that goes on so is left out for a while, as long as at
    /// least half of the endpoints are not.
    ///
    /// - Returns: When it may be tried again; `nil`: it is not left out.
    package func fail(_ endpoint: EndpointLoad, at now: MonotonicTime) -> MonotonicTime? {
        guard endpoint.noteFailure() else { return nil }
        let others = endpoints.count { $0 !== endpoint && ($0.isClosed || $0.isEjected(at: now)) }
        return 2 * (others + 1) <= endpoints.count ? endpoint.leaveOut(at: now) : nil
    }

    /// Who waits here under this number; `nil` where it has left.
    package func waiter(of request: HeldRequest) -> Waiter? { held[request.number]?.waiter }

    private mutating func acquire(_ placement: Placement, at now: MonotonicTime) -> Int? {
        balancer.acquire(
            among: endpoints, placement, prefixes: load.prefixes, limit: load.concurrencyLimit, at: now)
    }

    private mutating func take(_ number: UInt64) -> Waiter? {
        guard let left = held.removeValue(forKey: number) else { return nil }
        noteLeaving()
        return left.waiter
    }

    private func noteLeaving() { if load.line.isEmpty { load.endWaking() } }
}
