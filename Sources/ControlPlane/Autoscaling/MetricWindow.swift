#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The load of the last seconds, in buckets of one second (Knative, `pkg/autoscaler/aggregation/bucketing.go`).
///
/// Where Knative samples, Martlet counts: a bucket holds the load's integral over its second (request-seconds, or
/// requests), so that an average over any window is exact.
package struct MetricWindow: Sendable {
    private var buckets: [Double]
    /// Seconds since the window's start of time; the bucket of second s is `buckets[s % buckets.count]`.
    private var first: Double?
    private var end: Double = 0

    /// - Parameter longest: the longest window that will be asked for.
    package init(longest: Duration) {
        buckets = Array(repeating: 0, count: max(1, Int(longest.inSeconds.rounded(.up))) + 1)
    }

    /// Adds what was counted between two moments, spread evenly. Moments go forward only; earlier ones are cut off.
    package mutating func record(_ total: Double, from start: Duration, to finish: Duration) {
        let (from, to) = (max(start.inSeconds, end), finish.inSeconds)
        guard to > from else { return }
        if first == nil { first = from }
        clearBuckets(upTo: to)
        let rate = total / (to - from)
        let oldest = to - Double(buckets.count - 1)
        var position = max(from, oldest)
        while position < to {
            let next = min(to, position.rounded(.down) + 1)
            buckets[index(position)] += rate * (next - position)
            position = next
        }
        end = to
    }

    /// The average over the last `window` that was recorded; `nil` where less than `atLeast` was recorded at all.
    package func average(
        over window: Duration, _ algorithm: AggregationAlgorithm = .linear, atLeast: Duration = .milliseconds(1)
    ) -> Double? {
        guard let first, end - first >= atLeast.inSeconds else { return nil }
        let from = max(first, end - window.inSeconds)
        let value = algorithm == .linear ? linear(from) : weighted(from, window)
        return (value * 1e6).rounded() / 1e6
    }

    private func linear(_ from: Double) -> Double {
        var total = 0.0
        forEachSecond(from) { value, share, _ in total += value * share }
        return total / (end - from)
    }

    /// The newest second weighs a, the one before a(1-a), and so on, with a = max(1 - 0.0001^(1/n), 0.2).
    private func weighted(_ from: Double, _ window: Duration) -> Double {
        let smoothing = max(1 - Double.exponent(0.0001, 1 / max(1, window.inSeconds)), 0.2)
        var (total, weights, weight) = (0.0, 0.0, smoothing)
        forEachSecond(from) { value, _, length in
            total += weight * value / length
            weights += weight
            weight *= 1 - smoothing
        }
        return total / weights
    }

    /// Newest first: a bucket's total, the share of it that lies after `from`, and how much of its second has passed.
    private func forEachSecond(_ from: Double, _ body: (_ value: Double, _ share: Double, _ length: Double) -> Void) {
        var upper = end
        while upper > from {
            let lower = max(from, (upper - 1e-9).rounded(.down))
            let second = (upper - 1e-9).rounded(.down)
            let recorded = min(end, second + 1) - max(second, first ?? second)
            body(buckets[index(second)], recorded > 0 ? (upper - lower) / recorded : 0, max(recorded, 1e-9))
            upper = lower
        }
    }

    private mutating func clearBuckets(upTo moment: Double) {
        var second = end.rounded(.down) + 1
        second = max(second, moment - Double(buckets.count))
        while second.rounded(.down) <= moment {
            buckets[index(second)] = 0
            second += 1
        }
    }

    private func index(_ second: Double) -> Int { Int(second.rounded(.down)) % buckets.count }
}

extension Double {
    /// `base` to the power of `power`, for 0 < base: without Foundation.
    static func exponent(_ base: Double, _ power: Double) -> Double { pow(base, power) }
}
