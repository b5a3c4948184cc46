import Activation
import Testing

/// What one call meets in each millisecond around the decision to go to zero, and what many do at zero.
@Suite("The moments around zero, simulated")
struct MomentTests {
    /// A service that was called once, and nobody calls again but at `moment`.
    private func quiet(seed: UInt64, callingAt moment: Duration) -> (simulation: Simulation, call: () -> Call?) {
        var scenario = Scenario(seed: seed)
        scenario.startTime = .milliseconds(300)...(.milliseconds(400))
        let simulation = Simulation(scenario)
        var late: Call?
        simulation.services[0].rollOut()
        simulation.watch()
        simulation.events.after(.seconds(2)) {
            simulation.gateway.call(simulation.services[0].host, duration: .milliseconds(5))
        }
        // The one event that is different: everything before it is the same history.
        simulation.events.after(moment) {
            late = simulation.gateway.call(simulation.services[0].host, duration: .milliseconds(5))
        }
        return (simulation, { late })
    }

    private func momentOfZero(seed: UInt64) -> Duration {
        let simulation = quiet(seed: seed, callingAt: .seconds(3_600)).simulation
        simulation.events.run(until: MonotonicTime(nanoseconds: 0).advanced(by: .seconds(5)))
        simulation.events.run(until: MonotonicTime(nanoseconds: 0).advanced(by: .seconds(60))) {
            simulation.wanted == 0
        }
        return .nanoseconds(simulation.events.now.nanoseconds)
    }

    @Test("a call in any millisecond around the decision to go to zero is answered", arguments: 1...2)
    func slots(seed: UInt64) {
        let zero = momentOfZero(seed: seed)
        #expect(zero < .seconds(60), "it went to zero")
        for offset in -20...60 {
            let (simulation, call) = quiet(seed: seed, callingAt: zero + .milliseconds(offset))
            let end = MonotonicTime(nanoseconds: 0).advanced(by: zero + .seconds(10))
            simulation.events.run(until: end) { call()?.status != nil }
            #expect(call()?.status == 200, "at \(offset) ms from the decision, seed \(seed)")
            #expect(simulation.referee.problems == [])
        }
    }

    @Test("a hundred calls at zero start one replica, and all are answered by it", arguments: 1...5)
    func herd(seed: UInt64) {
        let zero = momentOfZero(seed: seed)
        let simulation = quiet(seed: seed, callingAt: .seconds(3_600)).simulation
        simulation.events.run(until: MonotonicTime(nanoseconds: 0).advanced(by: zero + .seconds(20)))
        let before = simulation.node.starts
        let calls = (0..<100).map { _ in
            simulation.gateway.call(simulation.services[0].host, duration: .milliseconds(20))
        }
        simulation.events.run(until: simulation.events.now.advanced(by: .seconds(5))) {
            calls.allSatisfy { $0.status != nil }
        }
        #expect(calls.allSatisfy { $0.status == 200 })
        #expect(simulation.node.starts - before == 1)
    }
}
