#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// By how much the rate of arrivals rises or falls in a second, where a straight line tells it: a rise that is more than
/// chance, and a line that fits what was seen as well as chance lets it. A jump is no trend: it says nothing of how it
/// will go on.
struct ArrivalTrend: Sendable {
    /// Requests a second, each second.
    let slope: Double

    /// Seconds that a trend is looked for in; the shortest that shows one counts.
    private static let windows = [60.0, 120, 240]
    /// A slope must be so many standard deviations from none.
    private static let deviations = 3.0
    private static let bins = 8
    /// Of chi squared with six degrees of freedom: a line is given up that fits worse in 3 of 100 cases.
    private static let worstFit = 14.0

    /// - Parameter intervals: what arrived, oldest first.
    init(_ intervals: [ServiceMeter.Interval]) {
        slope = Self.windows.lazy.compactMap { Self.slope(intervals, over: $0) }.first ?? 0
    }

    /// The rate after some time: on along the line where it rises; where it falls, by the same share each second, since a
    /// fall slows down.
    func rate(_ rate: Double, after seconds: Double) -> Double {
        slope >= 0 || rate <= 0 ? rate + max(0, slope) * seconds : rate * exp(slope / rate * seconds)
    }

    private static func slope(_ intervals: [ServiceMeter.Interval], over window: Double) -> Double? {
        guard let end = intervals.last?.end, let first = intervals.first?.start, first <= end - window * 0.95 else {
            return nil
        }
        let recent = intervals.filter { $0.end > end - window }
        let rate = recent.reduce(0) { $0 + $1.arrivals } / window
        let slope = regression(recent, around: end - window / 2)
        // Of arrivals by chance (Poisson).
        let error = (12 * max(rate, 1 / window) / (window * window * window)).squareRoot()
        guard abs(slope) > deviations * error else { return nil }
        return misfit(recent, from: end - window, window, rate, slope) <= worstFit ? slope : nil
    }

    private static func regression(_ intervals: [ServiceMeter.Interval], around middle: Double) -> Double {
        let sums = intervals.reduce((0.0, 0.0)) { sums, interval in
            let time = (interval.start + interval.end) / 2 - middle
            return (sums.0 + time * interval.arrivals, sums.1 + time * time * (interval.end - interval.start))
        }
        return sums.1 > 0 ? sums.0 / sums.1 : 0
    }

    /// Chi squared of the line.
    private static func misfit(
        _ intervals: [ServiceMeter.Interval], from start: Double, _ window: Double, _ rate: Double, _ slope: Double
    ) -> Double {
        let width = window / Double(bins)
        var counts = [Double](repeating: 0, count: bins)
        for interval in intervals {
            let bin = Int(((interval.start + interval.end) / 2 - start) / width)
            counts[min(max(bin, 0), bins - 1)] += interval.arrivals
        }
        return counts.enumerated().reduce(0) { sum, bin in
            let time = (Double(bin.offset) + 0.5) * width - window / 2
            let expected = max(1, (rate + slope * time) * width)
            return sum + (bin.element - expected) * (bin.element - expected) / expected
        }
    }
}
