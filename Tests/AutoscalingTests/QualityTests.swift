import AutoscalingReplay
import Testing

/// The comparison that `make bench` prints, as a test: requests over their objective + idle replica-seconds.
// One after the other: each keeps a processor busy, and other suites' tests wait for theirs by the clock.
@Suite("The quality of autoscaling", .serialized)
struct QualityTests {
    @Test("the class for language models is best on each trace, whatever the seed", arguments: [1, 2] as [UInt64])
    func best(seed: UInt64) throws {
        let comparison = Comparison(traces: Trace.all(seed: seed))
        let ours = try #require(comparison.rows.first)
        #expect(ours.policy.hasPrefix("llm"))
        for (index, trace) in comparison.traces.enumerated() {
            for row in comparison.rows.dropFirst() {
                #expect(
                    ours.scores[index].total < row.scores[index].total,
                    "\(trace), seed \(seed): \(row.policy) is better")
            }
        }
    }

    @Test("with starts of two minutes too", arguments: [1, 11, 13] as [UInt64])
    func slowStarts(seed: UInt64) throws {
        var engine = SimulatedEngine()
        engine.start = 120
        let comparison = Comparison(engine, traces: Trace.all(seed: seed))
        let ours = try #require(comparison.rows.first)
        for (index, trace) in comparison.traces.enumerated() {
            for row in comparison.rows.dropFirst() {
                #expect(
                    ours.scores[index].total < row.scores[index].total,
                    "\(trace), seed \(seed): \(row.policy) is better")
            }
        }
    }

    @Test("a trace has the requests that its rate says, and the same ones each time")
    func traces() throws {
        let step = try #require(Trace.all(seed: 1).first)
        #expect(abs(step.requests.count - 8100) < 300)
        #expect(step.requests.map(\.arrival) == Trace.all(seed: 1).first?.requests.map(\.arrival))
        let work = step.requests.reduce(0) { $0 + $1.work } / Double(step.requests.count)
        #expect(abs(work - 4) < 0.3)
    }

    @Test("a fixed number of replicas is scored as reckoned by hand")
    func score() {
        struct Fixed: SimulatedPolicy {
            let name = "fixed"
            let interval = 1.0
            mutating func decide(_ reading: SimulatedReading) -> Int { 2 }
        }
        let trace = Trace("nothing", length: 100, seed: 1) { _ in 0 }
        let score = Simulation.run(trace, Fixed(), SimulatedEngine())
        #expect(score.late == 0 && score.requests == 0)
        #expect(abs(score.idle - 200) < 0.5 && abs(score.replicaSeconds - 200) < 0.5)
    }
}
