/// What became of a revision's requests since the process began.
package struct RequestOutcomes: Sendable, Hashable {
    /// Requests that have ended, but for those whose client went away.
    package var requests = 0
    /// Those of them that the server failed, or whose answer was cut.
    package var errors = 0
    /// To the first token, and to the end.
    package var firstToken = LatencyCounts()
    package var latency = LatencyCounts()
    package var tokens = 0
    /// How long the tokens took, all answers together.
    package var generationSeconds = 0.0

    package init() {}

    /// What came since `earlier`; all of it where the counters began anew in between.
    func since(_ earlier: RequestOutcomes) -> RequestOutcomes {
        guard requests >= earlier.requests else { return self }
        var difference = self
        difference.requests -= earlier.requests
        difference.errors -= earlier.errors
        difference.firstToken = firstToken.since(earlier.firstToken)
        difference.latency = latency.since(earlier.latency)
        difference.tokens -= earlier.tokens
        difference.generationSeconds -= earlier.generationSeconds
        return difference
    }
}

/// Counts of durations by buckets.
package struct LatencyCounts: Sendable, Hashable {
    /// Upper ends in seconds; the bucket after the last one has none.
    package var bounds: [Double] = []
    /// One more than `bounds`; not cumulative.
    package var counts: [Int] = []

    package init(bounds: [Double] = [], counts: [Int] = []) {
        self.bounds = bounds
        self.counts = counts
    }

    func since(_ earlier: LatencyCounts) -> LatencyCounts {
        guard earlier.counts.count == counts.count else { return self }
        return LatencyCounts(bounds: bounds, counts: zip(counts, earlier.counts).map { max(0, $0 - $1) })
    }

    /// Seconds, evenly between the ends of a bucket, as Prometheus' histogram_quantile; `nil` where nothing was counted.
    func quantile(_ share: Double) -> Double? {
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        let rank = share * Double(total)
        var below = 0
        for (index, count) in counts.enumerated() {
            guard Double(below + count) >= rank, count > 0 else {
                below += count
                continue
            }
            let low = index == 0 ? 0 : bounds[index - 1]
            guard index < bounds.count else { return low }
            return low + (bounds[index] - low) * (rank - Double(below)) / Double(count)
        }
        return bounds.last
    }
}

/// The gateway's counters, as the judge reads them.
package protocol RevisionOutcomes: Sendable {
    func outcomes(namespace: String, revision: String) -> RequestOutcomes
}
