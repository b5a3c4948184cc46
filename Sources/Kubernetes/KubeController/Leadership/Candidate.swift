import KubeClient
import KubeModel
import Logging
import Synchronization

/// Does what `LeaderState` says: reads and writes the Lease, and waits.
final class Candidate: Sendable {
    private let terms: LeadershipTerms
    private let state: Mutex<LeaderState>
    private let client: any ResourceClient
    private let time: any TimeSource
    private let random: Randomness
    private let logger: Logger

    init(
        _ terms: LeadershipTerms, client: any ResourceClient, time: any TimeSource, random: @escaping Randomness,
        logger: Logger
    ) {
        self.terms = terms
        state = Mutex(LeaderState(terms))
        self.client = client
        self.time = time
        self.random = random
        self.logger = logger
    }

    /// - Returns: whether this candidate leads; else the task was cancelled.
    func acquire() async -> Bool {
        while !Task.isCancelled {
            await attempt(until: time.now + terms.renewDeadline)
            let (isLeader, delay) = state.withLock { ($0.isLeader, $0.retryDelay(random: random())) }
            if isLeader { return true }
            try? await time.sleep(for: delay)
        }
        return false
    }

    /// - Returns: false when leadership is lost; true when the task was cancelled.
    func renew() async -> Bool {
        while !Task.isCancelled {
            let (isLeader, deadline) = state.withLock { ($0.isLeader, $0.deadline) }
            guard isLeader, time.now < deadline else { return false }
            do { try await time.sleep(until: min(time.now + terms.retryPeriod, deadline)) } catch { return true }
            if time.now < deadline { await attempt(until: deadline) }
        }
        return true
    }

    /// Says that nobody holds the Lease, if this candidate did.
    func release() async {
        guard let lease = state.withLock({ $0.release(timestamp) }) else { return }
        await before(time.now + terms.renewDeadline) { _ = try await self.write(lease, creates: false) }
    }

    /// Tries once to get or keep the Lease.
    private func attempt(until deadline: Duration) async {
        await before(deadline) {
            if try await self.renewAtOnce() { return }
            let now = self.time.now
            let lease = try await self.read()
            switch self.state.withLock({ $0.attempt(lease, at: now, self.timestamp) }) {
            case .held: break
            case .write(let lease, let creates): try await self.take(lease, creates: creates)
            }
        }
    }

    /// The leader need not read what it wrote itself.
    private func renewAtOnce() async throws -> Bool {
        guard let lease = state.withLock({ $0.renewal(timestamp) }) else { return false }
        do {
            try await take(lease, creates: false)
            return true
        } catch let status as Status where status.isConflict || status.isNotFound {
            return false
        }
    }

    private func take(_ lease: Lease, creates: Bool) async throws {
        let now = time.now
        let written = try await write(lease, creates: creates)
        state.withLock { $0.wrote(written, at: now) }
    }

    private func read() async throws -> Lease? {
        do { return Lease(try await client.get(Lease.resource, terms.lease)) } catch let status as Status
            where status.isNotFound
        { return nil }
    }

    private func write(_ lease: Lease, creates: Bool) async throws -> Lease {
        Lease(
            creates
                ? try await client.create(Lease.resource, lease.object)
                : try await client.replace(Lease.resource, lease.object))
    }

    /// Does `body`, or gives it up at `deadline`. Whatever fails will be tried again.
    private func before(_ deadline: Duration, _ body: @escaping @Sendable () async throws -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await body() } catch {
                    self.logger.debug(
                        "The lease could not be had", metadata: ["lease": "\(self)", "error": "\(error)"])
                }
            }
            group.addTask { try? await self.time.sleep(until: deadline) }
            await group.next()
            group.cancelAll()
        }
    }

    private var timestamp: String { Timestamp.string(microseconds: time.microsecondsSince1970) }
}

extension Candidate: CustomStringConvertible {
    var description: String { "\(terms.identity) for \(terms.lease)" }
}
