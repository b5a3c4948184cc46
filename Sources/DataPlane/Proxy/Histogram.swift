import Activation
import Synchronization

/// Counts of durations in milliseconds, in Istio's buckets. One event loop writes, any thread reads.
final class Histogram: Sendable {
    private let counts = InlineArray<20, Atomic<Int>> { _ in Atomic(0) }
    private let nanoseconds = Atomic<Int64>(0)

    func record(from start: MonotonicTime, to end: MonotonicTime) {
        record(nanoseconds: max(0, end.nanoseconds - start.nanoseconds))
    }

    func record(nanoseconds elapsed: Int64) {
        var bucket = 0
        while bucket < HistogramReading.nanosecondBounds.count, elapsed > HistogramReading.nanosecondBounds[bucket] {
            bucket += 1
        }
        counts[bucket].store(counts[bucket].load(ordering: .relaxed) + 1, ordering: .relaxed)
        nanoseconds.store(nanoseconds.load(ordering: .relaxed) + elapsed, ordering: .relaxed)
    }

    func read() -> HistogramReading {
        var reading = HistogramReading()
        for bucket in reading.counts.indices { reading.counts[bucket] = counts[bucket].load(ordering: .relaxed) }
        reading.sum = Double(nanoseconds.load(ordering: .relaxed)) / 1e6
        return reading
    }
}

/// What a histogram says.
package struct HistogramReading: Sendable, Hashable {
    /// Upper ends of the buckets, in milliseconds; the last bucket has none.
    package static let bounds: [Double] = [
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000,
        1_800_000, 3_600_000,
    ]
    fileprivate static let nanosecondBounds = bounds.map { Int64($0 * 1e6) }

    /// One for each bucket, not cumulative.
    package internal(set) var counts = Array(repeating: 0, count: 20)
    /// Milliseconds.
    package internal(set) var sum = 0.0
    package var count: Int { counts.reduce(0, +) }

    package init() {}

    mutating func add(_ other: HistogramReading) {
        for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
        sum += other.sum
    }
}
