import Synchronization

/// So much in so long: a bucket that fills evenly and holds one period's amount (the generic cell rate algorithm). One
/// number is all its state, so that event loops share it without a lock, and a restart can go on with it.
package final class RateMeter: Sendable {
    package let limit: Int
    /// Seconds.
    package let period: Double
    /// When the bucket is full again, in seconds since 1970, as bits of a Double.
    private let full: Atomic<UInt64>

    /// - Parameters:
    ///   - limit: above 0.
    ///   - full: of an earlier meter.
    package init(limit: Int, period: Double, full: Double = 0) {
        self.limit = limit
        self.period = period
        self.full = Atomic(full.bitPattern)
    }

    package var fullAt: Double { Double(bitPattern: full.load(ordering: .relaxed)) }

    func restore(_ full: Double) { self.full.store(full.bitPattern, ordering: .relaxed) }

    private var secondsPerUnit: Double { period / Double(limit) }

    /// Takes `amount`, if it is there.
    ///
    /// - Returns: `nil`, or after how many seconds it will be there; `.infinity`: it never is.
    func take(_ amount: Int, at now: Double) -> Double? {
        guard amount <= limit else { return .infinity }
        let cost = Double(amount) * secondsPerUnit
        while true {
            let old = full.load(ordering: .relaxed)
            let next = max(Double(bitPattern: old), now) + cost
            // What is left over of dividing must not refuse the last unit.
            let wait = next - now - period
            if wait > period * 1e-9 { return wait }
            if full.compareExchange(expected: old, desired: next.bitPattern, ordering: .relaxed).exchanged {
                return nil
            }
        }
    }

    /// Takes more without asking, or gives back: what was used is known only afterwards.
    func settle(_ amount: Int, at now: Double) {
        guard amount != 0 else { return }
        let cost = Double(amount) * secondsPerUnit
        while true {
            let old = full.load(ordering: .relaxed)
            let base = amount > 0 ? max(Double(bitPattern: old), now) : Double(bitPattern: old)
            let next = (base + cost).bitPattern
            if full.compareExchange(expected: old, desired: next, ordering: .relaxed).exchanged { return }
        }
    }

    package func remaining(at now: Double) -> Int {
        let room = period - max(0, fullAt - now)
        return max(0, min(limit, Int((room / secondsPerUnit + 1e-6).rounded(.down))))
    }

    /// Seconds until all of it is there again.
    func reset(at now: Double) -> Double { max(0, fullAt - now) }
}
