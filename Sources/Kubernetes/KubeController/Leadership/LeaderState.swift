import KubeModel

/// client-go's leader election as a state machine without I/O or clock.
///
/// Each candidate tries, every retry period, to write its name and the time into the Lease. Another's name is respected
/// for one lease duration after the Lease was last *seen to change*, by this candidate's own clock: clocks need not
/// agree, only run equally fast. The leader writes again every retry period; when it did not succeed for the renewal
/// deadline, which is shorter than the lease, it must stop before another may begin.
struct LeaderState: Sendable {
    enum Attempt: Sendable, Equatable {
        /// Write this; `create` where there is no Lease yet.
        case write(Lease, creates: Bool)
        /// Another one leads.
        case held(by: String)
    }

    let terms: LeadershipTerms
    private(set) var isLeader = false
    private var observed: Lease?
    private var observedAt: Duration = .zero
    private var renewedAt: Duration = .zero

    init(_ terms: LeadershipTerms) { self.terms = terms }

    /// What to do, now that the Lease was read.
    ///
    /// - Parameters:
    ///   - lease: `nil` where there is none.
    ///   - now: since some fixed moment; never goes back.
    ///   - timestamp: the calendar's time, with microseconds.
    mutating func attempt(_ lease: Lease?, at now: Duration, _ timestamp: String) -> Attempt {
        guard let lease else { return .write(claim(Lease(terms.lease), timestamp), creates: true) }
        if lease != observed { observe(lease, at: now) }
        let isMine = lease.holder == terms.identity
        if !isMine { isLeader = false }
        if !isMine, !lease.holder.isEmpty, now < observedAt + lease.duration { return .held(by: lease.holder) }
        return .write(isMine ? renewal(of: lease, timestamp) : claim(lease, timestamp), creates: false)
    }

    /// What to write without reading first: the leader's own last Lease, if it still leads. A conflict then means that
    /// another one wrote.
    func renewal(_ timestamp: String) -> Lease? {
        guard isLeader, let observed else { return nil }
        return renewal(of: observed, timestamp)
    }

    /// The write was accepted; `lease` is the server's answer.
    mutating func wrote(_ lease: Lease, at now: Duration) {
        observe(lease, at: now)
        isLeader = true
        renewedAt = now
    }

    /// When the leader must have stopped, unless a write succeeds before.
    var deadline: Duration { renewedAt + terms.renewDeadline }

    /// What tells the others that they need not wait; `nil` where there is nothing to give up.
    mutating func release(_ timestamp: String) -> Lease? {
        guard isLeader, var lease = observed else { return nil }
        isLeader = false
        lease.holder = ""
        lease.duration = .seconds(1)
        lease.acquireTime = timestamp
        lease.renewTime = timestamp
        return lease
    }

    /// - Parameter random: from 0 to below 1: candidates that began together do not stay so.
    func retryDelay(random: Double) -> Duration {
        isLeader ? terms.retryPeriod : terms.retryPeriod * (1 + 1.2 * random)
    }

    private mutating func observe(_ lease: Lease, at now: Duration) {
        observed = lease
        observedAt = now
    }

    private func renewal(of lease: Lease, _ timestamp: String) -> Lease {
        var lease = lease
        lease.holder = terms.identity
        lease.duration = terms.leaseDuration
        lease.renewTime = timestamp
        return lease
    }

    private func claim(_ lease: Lease, _ timestamp: String) -> Lease {
        var claim = renewal(of: lease, timestamp)
        claim.acquireTime = timestamp
        claim.transitions = lease.object.resourceVersion.isEmpty ? 0 : lease.transitions + 1
        return claim
    }
}
