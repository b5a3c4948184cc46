import FoundationEssentials
import Testing

/// Gateway, autoscaler, deployments and node together in virtual time. `MARTLET_SIM_SEEDS` runs more histories than the
/// few seconds' worth of every test run; `MARTLET_SIM_SEED` begins with one, to see a failure again.
@Suite("Everything together, simulated")
struct SimulationTests {
    private static let first = number("MARTLET_SIM_SEED") ?? 1
    private static let count = number("MARTLET_SIM_SEEDS") ?? 30

    private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap(Int.init) }

    @Test("no call is lost, none starves, no replica has too much, and all goes to zero and comes back")
    func everything() {
        var failures = 0
        for seed in Self.first..<(Self.first + Self.count) where failures < 3 {
            let problems = Simulation(.drawn(UInt64(seed))).run()
            if (seed - Self.first + 1) % 500 == 0 { print("\(seed - Self.first + 1) histories") }
            if problems.isEmpty { continue }
            failures += 1
            let again = Simulation(.drawn(UInt64(seed)), traces: true)
            #expect(again.run() == problems, "seed \(seed) is not the same history twice")
            let trace = again.referee.trace.suffix(300).joined(separator: "\n")
            Issue.record("MARTLET_SIM_SEED=\(seed): \(problems)\n\(again.scenario)\n\(trace)")
        }
    }
}
