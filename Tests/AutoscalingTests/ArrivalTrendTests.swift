import Randomness
import Testing

@testable import Autoscaling

@Suite("Where a rate is going")
struct ArrivalTrendTests {
    /// Arrivals by chance, in steps of two seconds, for four minutes.
    private func trend(_ random: inout SeededRandom, rate: (Double) -> Double) -> ArrivalTrend {
        let intervals = (0..<120).map { step in
            let start = Double(step) * 2
            // Poisson, as a sum of many small chances.
            let arrivals = (0..<200).count { _ in Double.random(in: 0..<1, using: &random) < rate(start + 1) / 100 }
            return ServiceMeter.Interval(
                start: start, end: start + 2, arrivals: Double(arrivals), completions: 0, run: 0)
        }
        return ArrivalTrend(intervals)
    }

    private func share(_ holds: (inout SeededRandom) -> Bool) -> (share: Double, seed: UInt64) {
        var random = SeededRandom()
        let seed = random.seed
        return (Double((0..<100).count { _ in holds(&random) }) / 100, seed)
    }

    @Test("a steady rise is seen, about as steep as it is, and goes on")
    func rise() {
        let seen = share { random in
            let trend = trend(&random) { 2 + 0.03 * $0 }
            return abs(trend.slope - 0.03) < 0.015 && trend.rate(9, after: 100) > 10
        }
        #expect(seen.share > 0.7, "seed \(seen.seed)")
    }

    @Test("a jump is no trend, nor is chance")
    func noTrend() {
        for (name, rate) in [("jump", { $0 < 200 ? 1.0 : 8 }), ("chance", { _ in 5.0 })]
            as [(String, (Double) -> Double)]
        {
            let wrong = share { trend(&$0, rate: rate).slope != 0 }
            #expect(wrong.share < 0.1, "\(name), seed \(wrong.seed)")
        }
    }

    @Test("a fall goes on by shares, and never below nothing")
    func fall() {
        let intervals = (0..<120).map {
            ServiceMeter.Interval(
                start: Double($0), end: Double($0) + 1, arrivals: Double(120 - $0) / 4, completions: 0, run: 0)
        }
        let trend = ArrivalTrend(intervals)
        #expect(trend.slope < -0.2)
        #expect(trend.rate(10, after: 0) == 10)
        #expect(trend.rate(10, after: 1_000) > 0 && trend.rate(10, after: 1_000) < 0.01)
    }

    @Test("nothing is said before there is enough to see")
    func young() {
        let intervals = (0..<30).map {
            ServiceMeter.Interval(
                start: Double($0), end: Double($0) + 1, arrivals: Double($0), completions: 0, run: 0)
        }
        #expect(ArrivalTrend(intervals).slope == 0)
        #expect(ArrivalTrend([]).slope == 0)
    }
}
