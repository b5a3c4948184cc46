/// A question about what a metric was over time.
package struct HistoryQuery: Sendable, Hashable {
    package enum Reading: Sendable, Hashable {
        /// The value as it stood; of several series the sum.
        case value
        /// By how much a counter grew each second; of several series the sum.
        case rate
        /// What this share (0 to 1) of a histogram's observations lay below, in the histogram's own unit.
        case quantile(Double)
    }

    /// The name, of a histogram without `_bucket`.
    package var metric: String
    /// Only series whose labels have these values.
    package var matching: [String: String]
    /// Seconds since 1970.
    package var from: Double
    /// Seconds since 1970; not before `from`.
    package var to: Double
    /// How many moments are asked for, evenly spread, the last one at `to`. 1 asks for `to` alone.
    package var points: Int
    package var reading: Reading
    /// Labels that keep series apart. The others are summed over.
    package var by: [String]

    package init(
        _ metric: String, matching: [String: String] = [:], from: Double, to: Double, points: Int = 120,
        reading: Reading = .value, by: [String] = []
    ) {
        self.metric = metric
        self.matching = matching
        self.from = from
        self.to = to
        self.points = points
        self.reading = reading
        self.by = by
    }

    /// At most this many moments are answered; more are taken for as many.
    package static let largestPoints = 1_000

    /// Between two moments, in seconds.
    package var step: Double {
        let count = min(max(points, 1), Self.largestPoints)
        return count > 1 ? max(0.001, (to - from) / Double(count - 1)) : max(1, to - from)
    }

    /// The moments that are asked for, in seconds since 1970.
    package var moments: [Double] {
        let count = min(max(points, 1), Self.largestPoints)
        return (0..<count).map { to - Double(count - 1 - $0) * step }
    }
}

/// One line of an answer.
package struct HistorySeries: Sendable {
    /// Those of `HistoryQuery.by` that the series has.
    package var labels: [String: String]
    /// Milliseconds since 1970, and what was then; `nil` where nothing is known.
    package var points: [(time: Int64, value: Double?)]

    package init(labels: [String: String], points: [(time: Int64, value: Double?)]) {
        self.labels = labels
        self.points = points
    }
}

/// Who remembers what metrics were: Martlet's own history, or a Prometheus.
package protocol HistorySource: Sendable {
    /// - Returns: Sorted by labels; without a series of which nothing is known.
    /// - Throws: `HistoryUnavailable`.
    func series(_ query: HistoryQuery) async throws -> [HistorySeries]
}

/// Why there is no answer, and what to do about it.
package struct HistoryUnavailable: Error, Sendable, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
