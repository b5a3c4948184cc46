import Synchronization

/// How many requests a revision had, and for how long.
package struct ConcurrencyReading: Sendable, Hashable {
    /// Requests now: in flight or waiting.
    package var inFlight = 0
    /// Requests since the start.
    package var requests = 0
    /// The integral of `inFlight` over time since the start, in nanoseconds. It never decreases.
    package var integral: UInt64 = 0
    package var time = MonotonicTime(nanoseconds: 0)

    package init() {}

    /// The average number of requests at once between an earlier reading and this one: exact, not sampled.
    package func average(since earlier: ConcurrencyReading) -> Double {
        let elapsed = time.nanoseconds - earlier.time.nanoseconds
        guard elapsed > 0 else { return Double(inFlight) }
        return Double(integral &- earlier.integral) / Double(elapsed)
    }

    static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.inFlight += right.inFlight
        sum.requests += right.requests
        sum.integral &+= right.integral
        return sum
    }
}

/// One event loop's count of a revision's requests. Only that loop writes; any thread reads, without a lock and without
/// ever seeing half of a change (a sequence lock).
package final class ConcurrencyMeter: Sendable {
    private let sequence = Atomic<UInt64>(0)
    private let inFlight = Atomic<Int>(0)
    private let requests = Atomic<Int>(0)
    private let integral = Atomic<UInt64>(0)
    private let changedAt = Atomic<Int64>(0)

    package init() {}

    package func enter(at now: MonotonicTime) {
        change(by: 1, at: now)
    }

    package func leave(at now: MonotonicTime) {
        change(by: -1, at: now)
    }

    private func change(by amount: Int, at now: MonotonicTime) {
        let version = sequence.load(ordering: .relaxed)
        sequence.store(version &+ 1, ordering: .relaxed)
        atomicMemoryFence(ordering: .releasing)
        let count = inFlight.load(ordering: .relaxed)
        let elapsed = UInt64(max(0, now.nanoseconds - changedAt.load(ordering: .relaxed)))
        integral.store(integral.load(ordering: .relaxed) &+ UInt64(count) &* elapsed, ordering: .relaxed)
        changedAt.store(max(now.nanoseconds, changedAt.load(ordering: .relaxed)), ordering: .relaxed)
        inFlight.store(count + amount, ordering: .relaxed)
        if amount > 0 { requests.store(requests.load(ordering: .relaxed) + 1, ordering: .relaxed) }
        sequence.store(version &+ 2, ordering: .releasing)
    }

    package func read(at now: MonotonicTime) -> ConcurrencyReading {
        while true {
            let before = sequence.load(ordering: .acquiring)
            var reading = ConcurrencyReading()
            reading.inFlight = inFlight.load(ordering: .relaxed)
            reading.requests = requests.load(ordering: .relaxed)
            // The loop may have written after `now` was taken: what it added is then not added again the next time.
            let elapsed = UInt64(max(0, now.nanoseconds - changedAt.load(ordering: .relaxed)))
            reading.integral = integral.load(ordering: .relaxed) &+ UInt64(reading.inFlight) &* elapsed
            reading.time = now
            atomicMemoryFence(ordering: .acquiring)
            if before & 1 == 0, sequence.load(ordering: .relaxed) == before { return reading }
        }
    }
}
