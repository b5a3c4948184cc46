import Testing

/// Every invariant can fail: each rule, broken on purpose, is found out by the invariant that is there for it.
@Suite("What the simulation would find")
struct MutationTests {
    @Test(
        "a broken rule is found out",
        arguments: [
            (.losesHandOvers, "have not ended"), (.losesWakeUps, "the call from zero"),
            (.exceedsConcurrency, "calls at once"), (.stopsWithoutDrain, "calls under way"),
            (.leavesEndpointOpen, "had been told to stop"), (.keepsPlaceOfLeaver, "counts"),
            (.neverSleeps, "pods are there"), (.knowsNoCallers, "was overtaken"),
            (.ignoresMaxScale, "replicas, and may have"), (.givesRoomTwice, "hold room for"),
            (.sendsBusyAway, "was sent away"),
        ] as [(Mutation, String)])
    func isFound(mutation: Mutation, problem: String) {
        let found = (1...40).first { seed in
            Simulation(Self.scenario(mutation, seed: seed, isBroken: true)).run().contains { $0.contains(problem) }
        }
        #expect(found != nil, "\(mutation) is not found out")
        let sound = Simulation(Self.scenario(mutation, seed: found ?? 1, isBroken: false)).run()
        #expect(sound == [], "the same history without it is in order")
    }

    /// What brings the rule into play.
    private static func scenario(_ mutation: Mutation, seed: UInt64, isBroken: Bool) -> Scenario {
        var scenario = Scenario(seed: seed)
        scenario.mutation = isBroken ? mutation : nil
        scenario.troubled = .seconds(20)
        scenario.startTime = .milliseconds(50)...(.milliseconds(500))
        scenario.annotations["max-scale"] = "1"
        switch mutation {
        case .losesHandOvers, .exceedsConcurrency: scenario.concurrencyLimit = 1
        case .knowsNoCallers: (scenario.concurrencyLimit, scenario.loops, scenario.requests) = (1, 3, 120)
        case .keepsPlaceOfLeaver: scenario.leaving = 50
        case .stopsWithoutDrain:
            scenario.rollouts = 4
            scenario.answerTime = .seconds(2)...(.seconds(8))
        case .leavesEndpointOpen:
            // Bursts, after which replicas go while calls still come.
            (scenario.requests, scenario.troubled) = (600, .seconds(60))
            scenario.answerTime = .milliseconds(1)...(.milliseconds(60))
            scenario.annotations.merge(["target": "1", "max-scale": "4"]) { $1 }
        case .givesRoomTwice, .sendsBusyAway: (scenario.services, scenario.room) = (["a", "b", "c"], 1)
        case .ignoresMaxScale, .losesWakeUps, .neverSleeps: break
        }
        return scenario
    }
}
