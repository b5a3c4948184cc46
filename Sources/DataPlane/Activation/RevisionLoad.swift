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

/// What all event loops share about one revision: who waits, and how many requests there are.
package final class RevisionLoad: Sendable {
    package let namespace: String
    package let name: String
    /// Requests that one endpoint takes at once; 0: any number.
    package let concurrencyLimit: Int
    /// One for each event loop.
    package let meters: [ConcurrencyMeter]

    private let queue: QueueLimits
    private let waitingBytes = Atomic<Int>(0)
    private let waitingCount = Atomic<Int>(0)
    /// One bit for each event loop on which requests wait.
    private let waitingLoops = Atomic<UInt64>(0)
    private let turn = Atomic<UInt64>(0)
    private let isWaking = Atomic<Bool>(false)

    /// The most event loops that can share a revision: one bit each.
    package static let loopLimit = 64

    package init(
        namespace: String, name: String, concurrencyLimit: Int, loops: Int, queue: QueueLimits = QueueLimits()
    ) {
        self.namespace = namespace
        self.name = name
        self.concurrencyLimit = concurrencyLimit
        self.queue = queue
        meters = (0..<loops).map { _ in ConcurrencyMeter() }
    }

    /// Requests that wait for an endpoint with a free place.
    package var waiting: Int { waitingCount.load(ordering: .relaxed) }

    /// What the waiting requests hold in memory, at most.
    package var bytesWaiting: Int { waitingBytes.load(ordering: .relaxed) }

    /// Exact, from any thread.
    package func read(at now: MonotonicTime) -> ConcurrencyReading {
        var sum = meters.reduce(ConcurrencyReading()) { $0 + $1.read(at: now) }
        sum.time = now
        return sum
    }
}

// Places in the queue.
extension RevisionLoad {
    var hasWaiting: Bool { waitingLoops.load(ordering: .sequentiallyConsistent) != 0 }

    /// - Returns: `false` where the queue is full. The first in an empty queue may hold any number of bytes.
    func takeWaitingPlace(bytes: Int) -> Bool {
        let (old, _) = waitingCount.add(1, ordering: .relaxed)
        let (held, _) = waitingBytes.add(bytes, ordering: .relaxed)
        if old < queue.requests, held == 0 || held + bytes <= queue.bytes { return true }
        waitingCount.subtract(1, ordering: .relaxed)
        waitingBytes.subtract(bytes, ordering: .relaxed)
        return false
    }

    func leaveWaitingPlace(bytes: Int) {
        waitingBytes.subtract(bytes, ordering: .relaxed)
        let (_, left) = waitingCount.subtract(1, ordering: .relaxed)
        if left == 0 { isWaking.store(false, ordering: .relaxed) }
    }

    func setWaiting(_ isWaiting: Bool, on loop: Int) {
        let bit: UInt64 = 1 << UInt64(loop)
        if isWaiting {
            waitingLoops.bitwiseOr(bit, ordering: .sequentiallyConsistent)
        } else {
            waitingLoops.bitwiseAnd(~bit, ordering: .sequentiallyConsistent)
        }
    }

    /// The loop whose turn it is to get a free place; `nil` where none waits.
    func nextWaitingLoop() -> Int? {
        let loops = waitingLoops.load(ordering: .sequentiallyConsistent)
        guard loops != 0 else { return nil }
        // From the loop after the last one. Two loops that look at once may choose the same: no harm.
        let start = turn.load(ordering: .relaxed)
        let rotated = loops >> start | loops << ((64 - start) % 64)
        let loop = (UInt64(rotated.trailingZeroBitCount) + start) % 64
        turn.store((loop + 1) % 64, ordering: .relaxed)
        return Int(loop)
    }
}

// Waking from zero.
extension RevisionLoad {
    /// - Returns: Whether the caller is the first to find the revision asleep, and so has to wake it.
    package func beginWaking() -> Bool { !isWaking.exchange(true, ordering: .relaxed) }

    /// An endpoint is there: the next time there is none, the revision is woken again.
    package func endWaking() { isWaking.store(false, ordering: .relaxed) }
}
