import Synchronization

/// What a replica's engine says of itself in its own metrics.
package struct EngineGauge: Sendable, Hashable {
    /// Requests that wait in it for a slot.
    package var waiting: Int
    /// Of its KV cache in use, in thousandths.
    package var cachePermille: Int

    package init(waiting: Int, cachePermille: Int) {
        self.waiting = waiting
        self.cachePermille = cachePermille
    }
}

/// The latest gauge of one engine: one word, written by who reads the metrics and read by the event loops.
final class GaugeReading: Sendable {
    private let word = Atomic<UInt64>(0)
    private let time = Atomic<Int64>(.min)

    /// What is older says nothing any more.
    static let lifetime: Int64 = 5_000_000_000

    func store(_ gauge: EngineGauge, at now: MonotonicTime) {
        let waiting = UInt64(min(max(0, gauge.waiting), 1 << 20))
        word.store(waiting << 16 | UInt64(min(max(0, gauge.cachePermille), 1_000)), ordering: .relaxed)
        time.store(now.nanoseconds, ordering: .relaxed)
    }

    func load(at now: MonotonicTime) -> EngineGauge? {
        let written = time.load(ordering: .relaxed)
        guard written != .min, now.nanoseconds - written < Self.lifetime else { return nil }
        let value = word.load(ordering: .relaxed)
        return EngineGauge(waiting: Int(value >> 16), cachePermille: Int(value & 0xFFFF))
    }
}
