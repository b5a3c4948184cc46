package import KubeModel

/// What the candidates of one election must agree on, and who this one is.
package struct LeadershipTerms: Sendable, Hashable {
    /// Where the Lease lies.
    package var lease: ObjectKey
    /// Unlike every other candidate's: host and a random part, for instance.
    package var identity: String
    /// How long another's claim is respected after it was last seen to change. Whole seconds.
    package var leaseDuration: Duration
    /// How long the leader goes on without a successful write; shorter than the lease.
    package var renewDeadline: Duration
    /// How often each candidate writes; much shorter than the deadline.
    package var retryPeriod: Duration

    /// The defaults are client-go's.
    package init(
        lease: ObjectKey, identity: String, leaseDuration: Duration = .seconds(15),
        renewDeadline: Duration = .seconds(10), retryPeriod: Duration = .seconds(2)
    ) {
        self.lease = lease
        self.identity = identity
        self.leaseDuration = leaseDuration
        self.renewDeadline = renewDeadline
        self.retryPeriod = retryPeriod
    }
}
