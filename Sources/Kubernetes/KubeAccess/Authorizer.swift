import Synchronization

/// Decides who may do what, by the roles and bindings it was told of.
///
/// Whoever knows of a change of them says so by `update`; a decision takes the policy as it is (the lock is held for
/// the copy of a reference, a few nanoseconds) and evaluates it outside of any lock.
package final class Authorizer: Sendable {
    private let current: Mutex<AccessPolicy>
    /// Advances with every change of the policy.
    package let epoch: AccessEpoch

    package init(_ policy: AccessPolicy = AccessPolicy(), epoch: AccessEpoch = AccessEpoch()) {
        current = Mutex(policy)
        self.epoch = epoch
    }

    package var policy: AccessPolicy { current.withLock { $0 } }

    package func decide(_ identity: Identity, _ attributes: AccessAttributes) -> AccessDecision {
        // Most of what Martlet's own administrator asks needs no policy.
        if identity.isMaster { return AccessDecision(isAllowed: true) }
        return policy.decide(identity, attributes)
    }

    package func update(_ change: (inout AccessPolicy) -> Void) {
        current.withLock { change(&$0) }
        epoch.advance()
    }
}
