/// What a revision's requests are like: how many come in a second, and for how long one is run. Exact over its windows, from
/// the gateway's counts and what the engines run.
struct ServiceMeter: Sendable {
    struct Interval: Sendable {
        var start: Double
        var end: Double
        var arrivals: Double
        var completions: Double
        /// Request-seconds.
        var run: Double
    }

    private var intervals: [Interval] = []
    private var last: (moment: Double, arrived: Int, inFlight: Int, running: Double)?
    private var lastServiceTime: Double?

    /// What trends are looked for in.
    private static let longest = 240.0
    /// What the service time is the average of.
    private static let served = 120.0
    /// Seconds that the rate of arrivals is the average of, and by how many standard deviations of chance it must differ
    /// from that of the longer one. The shorter, the more often chance has its try.
    private static let windows: [(seconds: Double, deviations: Double)] = [(60, 0), (20, 3), (10, 3.5), (4, 4)]

    mutating func record(_ reading: LanguageModelReading, running: Double) {
        let now = reading.moment.inSeconds
        defer { last = (now, reading.arrived, reading.inFlight, running) }
        guard let last, now > last.moment else { return }
        let arrivals = max(0, reading.arrived - last.arrived)
        let completions = max(0, arrivals - (reading.inFlight - last.inFlight))
        intervals.append(
            Interval(
                start: last.moment, end: now, arrivals: Double(arrivals), completions: Double(completions),
                run: (last.running + running) / 2 * (now - last.moment)))
        intervals.removeAll { $0.end < now - Self.longest }
        let recent = intervals.lazy.filter { $0.end >= now - Self.served }
        let (run, done) = recent.reduce((0.0, 0.0)) { ($0.0 + $1.run, $0.1 + $1.completions) }
        if done >= 5, run > 0 { lastServiceTime = run / done }
    }

    /// Seconds that one request is run, on average (Little's law); `nil` before some have ended.
    var serviceTime: Double? { lastServiceTime }

    /// Where the rate is going.
    var trend: ArrivalTrend { ArrivalTrend(intervals) }

    /// Requests that arrive in a second now: the average of a minute, or of a shorter while where this differs from it by
    /// more than chance explains.
    var rate: Double {
        var rate = rate(over: Self.windows[0].seconds)
        for (window, deviations) in Self.windows.dropFirst() {
            let (seen, expected) = (self.rate(over: window) * window, rate * window)
            if abs(seen - expected) > deviations * max(1, expected).squareRoot() { rate = seen / window }
        }
        return rate
    }

    private func rate(over seconds: Double) -> Double {
        guard let end = intervals.last?.end else { return 0 }
        let from = end - seconds
        let recent = intervals.filter { $0.end > from }
        let length = recent.reduce(0) { $0 + ($1.end - $1.start) }
        return length > 0 ? recent.reduce(0) { $0 + $1.arrivals } / length : 0
    }
}
