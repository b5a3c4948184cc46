import Autoscaling

/// Knative's pod autoscaler, as `Autoscaling.Decider` is it.
package struct KnativePolicy: SimulatedPolicy {
    package let name: String
    package let interval = 2.0
    private let policy: ScalingPolicy
    private let startsOne: Bool
    private var decider: Decider
    private var last: (moment: Double, requestSeconds: Double) = (0, 0)
    private var busyAt = 0.0

    /// - Parameters:
    ///   - concurrency: the revision's containerConcurrency.
    ///   - startsOne: whether from zero no more than one replica starts until it is ready, which is Martlet's way.
    package init(_ name: String, concurrency: Int, startsOne: Bool) {
        self.name = name
        self.startsOne = startsOne
        policy = ScalingPolicy(containerConcurrency: concurrency)
        decider = Decider(policy, ready: 1, at: .zero)
    }

    package mutating func decide(_ reading: SimulatedReading) -> Int {
        decider.record(
            reading.requestSeconds - last.requestSeconds, from: .seconds(last.moment), to: .seconds(reading.now))
        last = (reading.now, reading.requestSeconds)
        let decision = decider.decide(
            ready: reading.ready, load: Double(reading.inFlight), at: .seconds(reading.now))
        let desired = reading.ready == 0 && startsOne ? min(1, decision.desired) : decision.desired
        if desired > 0 { busyAt = reading.now }
        let idle = reading.now - busyAt
        let grace = (policy.stableWindow + policy.gracePeriod).inSeconds
        return desired > 0 ? desired : idle >= grace ? 0 : min(1, reading.ready + reading.starting)
    }
}

/// Martlet's class for language models.
package struct LanguageModelsPolicy: SimulatedPolicy {
    package let name = "llm (Martlet)"
    package let interval = 2.0
    private var decider: LanguageModelDecider

    package init(_ engine: SimulatedEngine) {
        decider = LanguageModelDecider(
            LanguageModelPolicy(ScalingPolicy(), targetFirstToken: .seconds(engine.objective)))
    }

    package mutating func decide(_ reading: SimulatedReading) -> Int {
        decider.decide(
            LanguageModelReading(
                moment: .seconds(reading.now), ready: reading.ready, starting: reading.starting,
                arrived: reading.arrived, inFlight: reading.inFlight,
                engine: EngineLoad(running: Double(reading.runningOnReady), waiting: Double(reading.waiting)),
                startTime: .seconds(reading.startTime))
        ).desired
    }
}

/// The average of ten minutes, every ten seconds, down after half a minute (KubeAI).
package struct MovingAveragePolicy: SimulatedPolicy {
    package let name = "10 min average (KubeAI)"
    package let interval = 10.0
    private let target: Double
    /// A full window of nothing to begin with, as KubeAI has it.
    private var values = [Double](repeating: 0, count: 60)
    private var lowerSince: Double?

    package init(_ engine: SimulatedEngine) { target = Double(engine.slots) }

    package mutating func decide(_ reading: SimulatedReading) -> Int {
        values.removeFirst()
        values.append(Double(reading.inFlight))
        let average = values.reduce(0, +) / Double(values.count)
        let wanted = max(reading.inFlight > 0 ? 1 : 0, Int((average / target).rounded(.up)))
        let current = reading.ready + reading.starting
        guard wanted < current else {
            lowerSince = nil
            return wanted
        }
        let since = lowerSince ?? reading.now
        lowerSince = since
        return reading.now - since >= 30 ? wanted : current
    }
}

/// A HorizontalPodAutoscaler with Kubernetes' defaults, every 15 s by the use of the slots at 80 %, as a busy engine's
/// processor use would be.
package struct HorizontalPolicy: SimulatedPolicy {
    package let name = "HPA (15 s, 300 s)"
    package let interval = 15.0
    private let slots: Double
    private let most: Int
    private var scaler = HorizontalScaler(current: 1, at: .zero)

    package init(_ engine: SimulatedEngine) {
        slots = Double(engine.slots)
        most = engine.most
    }

    package mutating func decide(_ reading: SimulatedReading) -> Int {
        let current = reading.ready + reading.starting
        let each = Double(reading.running) / Double(max(1, reading.ready))
        let samples =
            (0..<reading.ready).map { _ in ReplicaCalculator.Sample(usage: each, request: slots) }
            + (0..<reading.starting).map { _ in .init(usage: 0, request: slots, isUnready: true) }
        let proposal = try? ReplicaCalculator(target: .utilization(80)).propose(current: current, samples: samples)
        let decision = scaler.decide(
            proposed: proposal?.replicas ?? current, current: current, bounds: 1...most, up: .up, down: .down,
            at: .seconds(reading.now))
        if decision.replicas != current {
            scaler.rescaled(from: current, to: decision.replicas, at: .seconds(reading.now))
        }
        return decision.replicas
    }
}

/// KEDA: requests at once, asked for every 30 s, scaled by a HorizontalPodAutoscaler; to zero after 300 s without any.
package struct PollingPolicy: SimulatedPolicy {
    package let name = "KEDA (30 s, 300 s)"
    package let interval = 30.0
    private let slots: Double
    private let most: Int
    private var scaler = HorizontalScaler(current: 1, at: .zero)
    private var activeAt = 0.0

    package init(_ engine: SimulatedEngine) {
        slots = Double(engine.slots)
        most = engine.most
    }

    package mutating func decide(_ reading: SimulatedReading) -> Int {
        if reading.inFlight > 0 { activeAt = reading.now }
        let current = reading.ready + reading.starting
        guard reading.inFlight > 0 || reading.now - activeAt < 300 else { return 0 }
        guard current > 0 else { return 1 }
        let ratio = Double(reading.inFlight) / slots / Double(current)
        let proposed = abs(1 - ratio) <= 0.1 ? current : Int((Double(reading.inFlight) / slots).rounded(.up))
        let decision = scaler.decide(
            proposed: proposed, current: current, bounds: 1...most, up: .up, down: .down, at: .seconds(reading.now))
        if decision.replicas != current {
            scaler.rescaled(from: current, to: decision.replicas, at: .seconds(reading.now))
        }
        return decision.replicas
    }
}
