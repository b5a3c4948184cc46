package import KubeClient
package import Logging

/// Lets one of several candidates do something: the one that holds a Lease.
///
/// A thin driver of `LeaderState`: reads, writes and waits as it says.
package struct LeaderElection: Sendable {
    /// Why `run` came back.
    package enum End: Sendable, Hashable {
        /// The leader's work was done, or the task was cancelled. The Lease was given up, if it was held.
        case done
        /// The Lease could not be renewed in time; the work was cancelled, and another one may lead.
        case lost
    }

    private let candidate: Candidate
    private let logger: Logger

    package init(
        _ terms: LeadershipTerms, client: any ResourceClient, time: any TimeSource = SystemTime(),
        random: @escaping Randomness = systemRandomness, logger: Logger
    ) {
        self.logger = logger
        candidate = Candidate(terms, client: client, time: time, random: random, logger: logger)
    }

    /// Waits until this candidate leads, then does `work` for as long as it leads.
    ///
    /// `work` is cancelled when leadership is lost, and must come back then.
    package func run(_ work: @escaping @Sendable () async -> Void) async -> End {
        guard await candidate.acquire() else { return .done }
        logger.info("Leading", metadata: ["candidate": "\(candidate)"])
        let end = await withTaskGroup(of: End.self) { group in
            group.addTask {
                await work()
                return .done
            }
            group.addTask { await candidate.renew() ? .done : .lost }
            let first = await group.next() ?? .done
            group.cancelAll()
            return first
        }
        if end == .lost {
            logger.error("No longer leading", metadata: ["candidate": "\(candidate)"])
        } else {
            // In a task of its own: this one may be cancelled, and the others need not wait for the lease to run out.
            await Task { await candidate.release() }.value
        }
        return end
    }
}
