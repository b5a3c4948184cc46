/// The numbers of one series beside the ticks of the time that is asked for.
struct SeriesTrack: Sendable {
    /// Milliseconds since 1970, ascending.
    var times: [Int64]
    /// One for each tick; NaN: it was not there.
    var values: [Double]
    /// A tick that is longer after the one before tells nothing of the time between.
    var patience: Int64

    /// What a gauge was at a moment; `nil` where that is not known.
    func value(at moment: Int64, within window: Int64) -> Double? {
        guard let tick = last(atOrBefore: moment), moment - times[tick] < max(window, patience) else { return nil }
        return values[tick].isNaN ? nil : values[tick]
    }

    /// How far a counter had grown at each tick since the first one. It may begin anew, from zero; and one that was not
    /// there before began from zero.
    func growth() -> [Double] {
        var (total, before) = (0.0, Double.nan)
        return times.indices.map { tick in
            let value = values[tick]
            guard !value.isNaN else { return total }
            if !before.isNaN {
                total += value >= before ? value - before : value
            } else if tick > 0 {
                total += value
            }
            before = value
            return total
        }
    }

    /// By how much a counter grew each second in the `window` milliseconds before a moment; `nil` where that is not known.
    ///
    /// - Parameter growth: as `growth()` said.
    func rate(at moment: Int64, window: Int64, growth: [Double]) -> Double? {
        guard let end = last(atOrBefore: moment), moment - times[end] < max(window, patience) else { return nil }
        let start = last(atOrBefore: moment - window) ?? 0
        guard start < end, times[end] - times[start] <= window + patience else {
            // What lies between is a time without ticks: the rate since it ended.
            guard let first = times.firstIndex(where: { $0 > moment - window }), first < end else { return nil }
            return (growth[end] - growth[first]) / (Double(times[end] - times[first]) / 1_000)
        }
        return (growth[end] - growth[start]) / (Double(times[end] - times[start]) / 1_000)
    }

    private func last(atOrBefore moment: Int64) -> Int? {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }
}
