import Autoscaling
import KubeController
import KubeModel
import Synchronization

/// The history of every revision's load and what it asks for. It is the one thing that no object holds: after a
/// restart it begins anew, in a panic that scales nothing down before the load is known.
final class RevisionLoads: Sendable {
    private struct Load: Sendable {
        var decider: Decider
        var reading: TrafficReading
        var moment: Duration
        /// The last one.
        var decision: Decider.Decision?

        mutating func record(_ new: TrafficReading, _ metric: ScalingMetric, at now: Duration) {
            let total =
                switch metric {
                case .rps: Double(new.requests - reading.requests)
                case .concurrency: new.requestSeconds - reading.requestSeconds
                }
            decider.record(max(0, total), from: moment, to: now)
            (reading, moment) = (new, now)
        }
    }

    private struct State: Sendable {
        var loads: [ObjectKey: Load] = [:]
        var languageModels: [ObjectKey: LanguageModelDecider] = [:]
        /// Until when somebody is known to wait.
        var waits: [ObjectKey: Duration] = [:]
    }

    private let state = Mutex(State())
    private let traffic: any RevisionTraffic
    private let time: any TimeSource

    init(traffic: any RevisionTraffic, time: any TimeSource) {
        self.traffic = traffic
        self.time = time
    }

    /// A request waits for the revision: decisions count it until the next regular one, whatever the gateway's
    /// counters say by then.
    func poke(_ key: ObjectKey) {
        let until = time.now + PodAutoscalerPlanner.evaluationInterval
        state.withLock { $0.waits[key] = until }
    }

    func forget(_ key: ObjectKey) {
        state.withLock { state in
            state.loads[key] = nil
            state.languageModels[key] = nil
            state.waits[key] = nil
        }
    }

    /// The revision was stopped to make room: what was asked of it before does not bring it back.
    func quieten(_ key: ObjectKey) {
        let now = time.now
        let reading = traffic.reading(namespace: key.namespace ?? "", revision: key.name)
        state.withLock { state in
            state.waits[key] = nil
            state.languageModels[key] = nil
            guard let policy = state.loads[key]?.decider.policy else { return }
            state.loads[key] = Load(decider: Decider(policy, ready: 0, at: now), reading: reading, moment: now)
        }
    }

    /// The last decision of Knative's autoscaler, and by which settings; `nil` where there was none.
    func lastDecision(_ key: ObjectKey) -> (decision: Decider.Decision, policy: ScalingPolicy)? {
        state.withLock { state in
            state.loads[key].flatMap { load in load.decision.map { ($0, load.decider.policy) } }
        }
    }

    /// Whether anybody calls or waits.
    func isCalled(_ key: ObjectKey) -> Bool {
        let now = time.now
        let inFlight = traffic.reading(namespace: key.namespace ?? "", revision: key.name).inFlight
        return inFlight > 0 || state.withLock { $0.waits[key].map { $0 > now } ?? false }
    }

    /// The same for a language model.
    func wish(_ key: ObjectKey, _ policy: LanguageModelPolicy, _ replicas: ReplicaCounts, _ engine: EngineLoad?)
        -> ScaleWish
    {
        let now = time.now
        let reading = traffic.reading(namespace: key.namespace ?? "", revision: key.name)
        return state.withLock { state in
            let isPoked = state.waits[key].map { $0 > now } ?? false
            var decider = state.languageModels[key] ?? LanguageModelDecider(policy)
            decider.update(policy)
            let decision = decider.decide(
                LanguageModelReading(
                    moment: now, ready: replicas.ready, starting: replicas.starting, arrived: reading.requests,
                    inFlight: max(reading.inFlight, isPoked ? 1 : 0), tokensInFlight: reading.tokensInFlight,
                    engine: engine, startTime: replicas.startTime))
            state.languageModels[key] = decider
            return ScaleWish(decision, inFlight: reading.inFlight)
        }
    }

    /// Counts the load since the last decision, and decides. While any request is in flight that is at least one.
    func wish(_ key: ObjectKey, _ policy: ScalingPolicy, ready: Int, isReachable: Bool) -> ScaleWish {
        let now = time.now
        let reading = traffic.reading(namespace: key.namespace ?? "", revision: key.name)
        return state.withLock { state in
            let isPoked = state.waits[key].map { $0 > now } ?? false
            if !isPoked { state.waits[key] = nil }
            var load =
                state.loads[key]
                ?? Load(decider: Decider(policy, ready: ready, at: now), reading: reading, moment: now)
            load.decider.update(policy)
            load.record(reading, policy.metric, at: now)
            let inFlight = max(reading.inFlight, isPoked ? 1 : 0)
            let decision = load.decider.decide(
                ready: ready, load: Double(inFlight), isReachable: isReachable, at: now)
            load.decision = decision
            state.loads[key] = load
            var wish = ScaleWish(decision, policy)
            if inFlight > 0 { wish.desired = max(wish.desired, 1) }
            return wish
        }
    }
}
