import Synchronization

/// How much may wait for one revision, over all event loops.
package struct QueueLimits: Sendable, Hashable {
    package var requests = 10_000
    /// What the waiting requests may hold in memory.
    package var bytes = 256 << 20

    package init(requests: Int = 10_000, bytes: Int = 256 << 20) {
        self.requests = requests
        self.bytes = bytes
    }
}

/// What all event loops share about one revision: who waits, how many requests there are, and which replica has which
/// prompts in its cache.
package final class RevisionLoad: Sendable {
    package let namespace: String
    package let name: String
    /// Requests that one endpoint takes at once; 0: any number.
    package let concurrencyLimit: Int
    /// One for each event loop.
    package let meters: [ConcurrencyMeter]
    package let prefixes = PrefixIndex()

    let line: WaitingLine
    private let isWaking = Atomic<Bool>(false)

    /// The most event loops that a gateway has.
    package static let loopLimit = 64

    package init(
        namespace: String, name: String, concurrencyLimit: Int, loops: Int, queue: QueueLimits = QueueLimits()
    ) {
        self.namespace = namespace
        self.name = name
        self.concurrencyLimit = concurrencyLimit
        line = WaitingLine(limits: queue)
        meters = (0..<loops).map { _ in ConcurrencyMeter() }
    }

    /// Requests that wait for an endpoint with a free place.
    package var waiting: Int { line.count }

    /// What the waiting requests hold in memory, at most.
    package var bytesWaiting: Int { line.bytes }

    /// Exact, from any thread.
    package func read(at now: MonotonicTime) -> ConcurrencyReading {
        var sum = meters.reduce(ConcurrencyReading()) { $0 + $1.read(at: now) }
        sum.time = now
        return sum
    }
}

// Waking from zero.
extension RevisionLoad {
    /// - Returns: Whether the caller is the first to find the revision asleep, and so has to wake it.
    package func beginWaking() -> Bool { !isWaking.exchange(true, ordering: .relaxed) }

    /// An endpoint is there, or nobody waits: the next time that one waits for the first, the revision is woken again.
    package func endWaking() { isWaking.store(false, ordering: .relaxed) }
}
