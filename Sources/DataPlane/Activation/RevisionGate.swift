/// One event loop's side of a revision: it lets requests through to endpoints with a free place, and holds the others
/// fairly between callers.
///
/// Over the loops, places go to the waiting in turn: a place that comes free is not put back while anyone waits, but
/// handed to a loop with waiting requests, and a newcomer does not overtake them.
package struct RevisionGate<Waiter> {
    package enum Admission {
        /// A place at the endpoint with this index was taken.
        case go(Int)
        /// The request waits. The caller calls `next` at once, for a place may have come free in between; and if
        /// `wakes`, the wake signal.
        case hold(HoldTicket, wakes: Bool)
        /// As many requests wait already as may, or they hold as many bytes as they may.
        case full
    }

    package enum Release: Sendable, Hashable {
        case done
        /// The place was kept: give it to `accept` on the loop with this number.
        case handOver(loop: Int)
    }

    package let load: RevisionLoad
    package private(set) var endpoints: [EndpointLoad] = []
    private let loop: Int
    private var queue = HoldQueue<Waiter>()
    private var balancer = LeastOutstanding()

    package init(_ load: RevisionLoad, loop: Int) {
        self.load = load
        self.loop = loop
    }

    /// Requests that wait on this loop.
    package var waiting: Int { queue.count }

    /// - Parameter bytes: What the request may come to hold in memory while it waits.
    package mutating func admit(
        _ waiter: Waiter, from caller: Caller, bytes: Int = 0, at now: MonotonicTime
    ) -> Admission {
        if !load.hasWaiting, let index = acquire(at: now) { return .go(index) }
        guard load.takeWaitingPlace(bytes: bytes) else { return .full }
        let ticket = queue.append(waiter, from: caller, bytes: bytes)
        load.setWaiting(true, on: loop)
        return .hold(ticket, wakes: endpoints.isEmpty && load.beginWaking())
    }

    /// Takes a place for a request that does not wait.
    ///
    /// - Returns: An endpoint's index; `nil` where there is no free place, or others wait for one.
    package mutating func takeFreePlace(at now: MonotonicTime) -> Int? { load.hasWaiting ? nil : acquire(at: now) }

    /// The first waiting request, if an endpoint has a place for it. Called until it says `nil`, whenever endpoints or
    /// places may have come.
    package mutating func next(at now: MonotonicTime) -> (waiter: Waiter, endpoint: Int)? {
        guard !queue.isEmpty, let index = acquire(at: now) else { return nil }
        guard let waiter = popFirst() else { return nil }
        return (waiter, index)
    }

    /// Gives up a place in the queue.
    ///
    /// - Returns: Whether it was still there: `false` means that the request was let through before.
    @discardableResult
    package mutating func cancel(_ ticket: HoldTicket) -> Bool {
        guard let left = queue.remove(ticket) else { return false }
        leave(left)
        return true
    }

    /// Everyone who waits, in order, out of the queue: the revision is gone.
    package mutating func removeAll() -> [Waiter] {
        var waiters: [Waiter] = []
        while let waiter = popFirst() { waiters.append(waiter) }
        return waiters
    }

    package mutating func setEndpoints(_ endpoints: [EndpointLoad]) { self.endpoints = endpoints }

    /// Gives back the place of a request that has ended.
    package func release(_ endpoint: EndpointLoad, at now: MonotonicTime) -> Release {
        // An endpoint that cannot be reached is of no use to those who wait.
        if endpoint.isEjected(at: now) {
            endpoint.release()
            return .done
        }
        if !endpoint.isClosed, let loop = load.nextWaitingLoop() { return .handOver(loop: loop) }
        endpoint.release()
        // Someone may have begun to wait between the look and the release, and have found no place.
        guard load.hasWaiting, endpoint.acquire(limit: load.concurrencyLimit) else { return .done }
        if let loop = load.nextWaitingLoop() { return .handOver(loop: loop) }
        endpoint.release()
        return .done
    }

    /// Takes a place that `release` handed over.
    ///
    /// - Returns: `nil` where nobody waits any more, or the endpoint is unknown here: the place is to be released.
    package mutating func accept(_ endpoint: EndpointLoad) -> (waiter: Waiter, endpoint: Int)? {
        guard let index = endpoints.firstIndex(where: { $0 === endpoint }), let waiter = popFirst() else { return nil }
        return (waiter, index)
    }

    private mutating func acquire(at now: MonotonicTime) -> Int? {
        balancer.acquire(among: endpoints, limit: load.concurrencyLimit, at: now)
    }

    private mutating func popFirst() -> Waiter? {
        guard let left = queue.popFirst() else { return nil }
        leave(left)
        return left.waiter
    }

    private func leave(_ left: HoldQueue<Waiter>.Left) {
        load.leaveWaitingPlace(bytes: left.bytes)
        if queue.isEmpty { load.setWaiting(false, on: loop) }
    }
}
