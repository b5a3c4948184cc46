/// Every policy on every trace.
package struct Comparison {
    package struct Row {
        package var policy: String
        /// In the order of the traces.
        package var scores: [Score]
    }

    package let traces: [String]
    package let rows: [Row]

    package init(_ engine: SimulatedEngine = SimulatedEngine(), traces: [Trace] = Trace.all()) {
        self.traces = traces.map(\.name)
        rows = Self.policies(engine).map { policy in
            Row(policy: policy.name, scores: traces.map { Simulation.run($0, policy, engine) })
        }
    }

    package static func policies(_ engine: SimulatedEngine) -> [any SimulatedPolicy] {
        [
            LanguageModelsPolicy(engine),
            KnativePolicy(
                "kpa (Martlet), containerConcurrency \(engine.slots)", concurrency: engine.slots, startsOne: true),
            KnativePolicy("Knative, containerConcurrency \(engine.slots)", concurrency: engine.slots, startsOne: false),
            KnativePolicy("Knative, its defaults", concurrency: 0, startsOne: false),
            MovingAveragePolicy(engine), HorizontalPolicy(engine), PollingPolicy(engine),
        ]
    }
}
