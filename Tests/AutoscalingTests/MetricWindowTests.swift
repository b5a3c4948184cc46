import Randomness
import Testing

@testable import Autoscaling

@Suite("A window of load")
struct MetricWindowTests {
    @Test("averages exactly, also over parts of seconds")
    func parts() {
        var window = MetricWindow(longest: .seconds(60))
        window.record(1, from: .seconds(10.25), to: .seconds(10.75))
        #expect(window.average(over: .seconds(60)) == 2)
        window.record(0, from: .seconds(10.75), to: .seconds(11.25))
        #expect(window.average(over: .seconds(60)) == 1)
    }

    @Test("is empty before anything was recorded")
    func empty() {
        #expect(MetricWindow(longest: .seconds(6)).average(over: .seconds(6)) == nil)
    }

    @Test("forgets what is older than it")
    func forgets() {
        var window = MetricWindow(longest: .seconds(6))
        window.record(600, from: .zero, to: .seconds(6))
        window.record(0, from: .seconds(6), to: .seconds(9))
        #expect(window.average(over: .seconds(6)) == 50)
        window.record(0, from: .seconds(9), to: .seconds(30))
        #expect(window.average(over: .seconds(6)) == 0)
    }

    @Test("a long gap recorded at once is spread evenly")
    func gap() {
        var window = MetricWindow(longest: .seconds(6))
        window.record(1000, from: .zero, to: .seconds(1000))
        #expect(window.average(over: .seconds(6)) == 1)
    }

    @Test("weighs the newest seconds most when told to (row 13)")
    func weighted() throws {
        var window = MetricWindow(longest: .seconds(60))
        window.record(0, from: .zero, to: .seconds(59))
        window.record(10, from: .seconds(59), to: .seconds(60))
        let linear = try #require(window.average(over: .seconds(60)))
        let weighted = try #require(window.average(over: .seconds(60), .weightedExponential))
        #expect(abs(linear - 10.0 / 60) < 1e-5)
        #expect(abs(weighted - 2) < 0.01)
    }

    @Test("agrees with a plain sum over random records", arguments: [1, 2, 3, 4, 5])
    func random(seed: UInt64) {
        var generator = SeededRandom(seed: seed)
        var window = MetricWindow(longest: .seconds(20))
        var records: [(from: Double, to: Double, rate: Double)] = []
        var now = 5.0
        for _ in 0..<200 {
            let length = Double.random(in: 0.01...2.5, using: &generator)
            let rate = Double.random(in: 0...50, using: &generator)
            window.record(rate * length, from: .seconds(now), to: .seconds(now + length))
            records.append((now, now + length, rate))
            now += length
        }
        let from = now - 20
        let expected = records.reduce(0) { $0 + max(0, min($1.to, now) - max($1.from, from)) * $1.rate } / 20
        let average = window.average(over: .seconds(20)) ?? -1
        // The oldest second is cut by its share of the bucket, not by when its load came.
        #expect(abs(average - expected) < 2.5, "seed \(seed)")
    }
}
