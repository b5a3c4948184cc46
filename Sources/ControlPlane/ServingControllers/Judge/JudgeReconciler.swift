import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// InferenceService with `martlet.dev/judge` -> its `canaryTrafficPercent`: a new revision gets more of the traffic step
/// by step while it holds the objectives, and none once it does not.
struct JudgeReconciler: Reconciler {
    /// A service that is judged; `nil` where nothing is to be judged.
    typealias Observation = Subject?

    struct Subject: Sendable {
        var service: Object
        var policy: JudgePolicy
        /// The newest revision, and the one that had all traffic before.
        var canary: String
        var stable: String
        var isReady: Bool
        /// Since this step began.
        var canaryOutcomes = RequestOutcomes()
        var stableOutcomes = RequestOutcomes()
        var elapsed: Duration = .zero
    }

    static let resource = Resource.inferenceServices
    static let fieldManager = "martlet-judge"
    static let looksTwice = false
    /// How often a step that is under way is looked at.
    static let interval: Duration = .seconds(2)

    let bench: Workbench
    let windows: JudgeWindows

    func observe(_ service: Object) -> Subject? {
        let status = InferenceService(service).componentStatus
        guard let policy = JudgePolicy(service.annotations), let canary = status.latestCreatedRevision,
            let stable = status.latestRolledoutRevision, canary != stable, service.isObserved
        else { return nil }
        var observation = Subject(
            service: service, policy: policy, canary: canary, stable: stable,
            isReady: status.latestReadyRevision == canary)
        guard observation.isReady, let state = JudgeState(service.annotations), state.revision == canary else {
            return observation
        }
        let window = windows.read(service, state, stable: stable)
        (observation.canaryOutcomes, observation.stableOutcomes) = (window.canary, window.stable)
        observation.elapsed = window.elapsed
        return observation
    }

    func plan(_ observation: Subject?) -> Plan {
        guard let observation else { return Plan() }
        let percent = observation.service["spec", "predictor", "canaryTrafficPercent"]?.intValue
        guard var state = JudgeState(observation.service.annotations), state.revision == observation.canary else {
            return Self.begin(observation, percent)
        }
        guard state.verdict == .judging else {
            // What was decided stays, whatever an older manifest says.
            return percent == state.percent || percent == nil ? Plan() : Self.write(state, observation.service)
        }
        if let percent, percent != state.percent {
            state.percent = percent
            return Self.write(state, observation.service)
        }
        guard observation.isReady else { return Plan() }
        return Self.judged(state, observation)
    }

    func forget(_ key: ObjectKey) { windows.forget(key) }

    private static func begin(_ observation: Subject, _ percent: Int?) -> Plan {
        let first = percent.flatMap { (1..<100).contains($0) ? $0 : nil } ?? observation.policy.steps[0]
        let state = JudgeState(revision: observation.canary, percent: first)
        return write(
            state, observation.service,
            notice(
                "JudgeStarted",
                "\(observation.canary) is judged beside \(observation.stable), with \(first) % of the traffic"))
    }

    private static func judged(_ state: JudgeState, _ observation: Subject) -> Plan {
        var state = state
        let judge = Judge(policy: observation.policy, percent: state.percent)
        let verdict = judge.verdict(
            canary: observation.canaryOutcomes, stable: observation.stableOutcomes, elapsed: observation.elapsed)
        switch verdict {
        case .wait:
            var plan = Plan()
            plan.lookAgain = interval
            return plan
        case .promote(let next, let reason):
            let old = state.percent
            (state.percent, state.reason) = (next, reason)
            if next >= 100 { state.verdict = .promoted }
            return write(
                state, observation.service,
                notice("Promoted", "\(state.revision) goes from \(old) % to \(next) % of the traffic: \(reason)"))
        case .rollBack(let reason):
            (state.percent, state.reason, state.verdict) = (0, reason, .rolledBack)
            return write(
                state, observation.service,
                notice("RolledBack", "\(state.revision) gets no more traffic: \(reason)", isWarning: true))
        }
    }

    private static func write(_ state: JudgeState, _ service: Object, _ notice: Plan.Notice? = nil) -> Plan {
        var plan = Plan()
        plan.change = [Plan.Change(resource: .inferenceServices, key: service.key, fields: state.fields)]
        plan.notices = notice.map { [$0] } ?? []
        plan.lookAgain = interval
        return plan
    }

    private static func notice(_ reason: String, _ message: String, isWarning: Bool = false) -> Plan.Notice {
        Plan.Notice(isWarning: isWarning, reason: reason, message: message)
    }
}
