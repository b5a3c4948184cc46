import Autoscaling
import JSONModel
import KubeModel
import ServingAPI

/// The next number of replicas and what is said of it: the load's wish within the revision's bounds, and the way to
/// zero (active for a stable window, then inactive for the grace period, then gone).
struct ScaleStep: Sendable, Hashable {
    /// -1 while there is nothing to scale.
    let want: Int
    /// The condition `Active`.
    let active: Condition
    /// Whether the revision was once as large as it should be at first.
    let isInitialized: Bool
    /// Replicas that must be ready for `Active`.
    let enough: Int
    let lookAgain: Duration?

    init(_ observation: PodAutoscalerReconciler.Observation) {
        let (policy, autoscaler) = (observation.policy, observation.autoscaler)
        let isReachable = autoscaler.isReachable
        let wasInitialized = autoscaler.condition("ScaleTargetInitialized")?.isTrue ?? false
        let least = isReachable ? policy.minScale : 0
        // A revision that no route leads to is not going to have its first scale: one that had one replica of two when
        // the next revision came would be waited for until the deadline.
        enough = wasInitialized || !isReachable ? max(1, least) : max(least, policy.initialScale)
        isInitialized = wasInitialized || observation.ready >= enough
        guard observation.deployment != nil else {
            (want, lookAgain) = (-1, nil)
            active = Condition("Active", "Unknown", reason: "Deploying", message: "the deployment is being made")
            return
        }
        if let failure = autoscaler.annotations[ServingKeys.handOverFailed] {
            (want, lookAgain) = (0, nil)
            active = Condition("Active", "False", reason: "HandOverFailed", message: failure)
            return
        }
        // A first scale of one needs no holding up: starting is held for as long as it may take.
        let wanted = policy.bounded(
            Self.desired(observation), isReachable: isReachable,
            isInitialized: isInitialized || policy.initialScale <= 1)
        guard wanted == 0 else {
            want = wanted
            active = Self.running(observation, enough)
            lookAgain = PodAutoscalerPlanner.evaluationInterval
            return
        }
        let replicas = observation.deployment?["spec", "replicas"]?.intValue ?? 0
        (want, active, lookAgain) = Self.toZero(
            observation, enough: enough, isInitialized: isInitialized, replicas: replicas)
    }

    /// From zero no more start than activation-scale says, until one is ready: what waits does not tell how fast a
    /// replica answers. (Knative counts what waits as load at once, and starts two servers for a hundred callers.)
    private static func desired(_ observation: PodAutoscalerReconciler.Observation) -> Int {
        let desired = observation.wish.desired
        guard observation.ready == 0 else { return desired }
        return min(desired, max(1, observation.policy.activationScale))
    }

    private static func running(
        _ observation: PodAutoscalerReconciler.Observation, _ enough: Int
    ) -> Condition {
        guard observation.ready < enough else { return Condition("Active", "True") }
        return Condition(
            "Active", "Unknown", reason: "Queued", message: "requests wait in the gateway while replicas start")
    }

    private static func toZero(
        _ observation: PodAutoscalerReconciler.Observation, enough: Int, isInitialized: Bool, replicas: Int
    ) -> (want: Int, active: Condition, lookAgain: Duration?) {
        let old = observation.autoscaler.condition("Active")
        guard replicas > 0 else {
            let timedOut = old?.isFalse == true && old?.reason == "TimedOut"
            return (0, timedOut ? Self.timedOut : noTraffic, nil)
        }
        var policy = observation.policy
        // Nobody can come back to what no route leads to.
        if !observation.autoscaler.isReachable { policy.retention = .zero }
        let activity = activity(observation, isInitialized)
        let deadline = observation.deployment?["spec", "progressDeadlineSeconds"]?.intValue ?? 600
        let step = ScaleToZero.step(
            activity, policy: policy, progressDeadline: .seconds(deadline), at: .zero)
        switch step {
        case .scaleToZero: return (0, noTraffic, nil)
        case .giveUp: return (0, timedOut, nil)
        case .becomeInactive:
            return (1, noTraffic, max(policy.gracePeriod, policy.retention))
        case .hold(let wait):
            if case .inactive = activity { return (1, noTraffic, min(wait, PodAutoscalerPlanner.evaluationInterval)) }
            return (1, running(observation, enough), min(wait, PodAutoscalerPlanner.evaluationInterval))
        }
    }

    /// How long the condition `Active` has stood, as moments before zero.
    private static func activity(
        _ observation: PodAutoscalerReconciler.Observation, _ isInitialized: Bool
    ) -> ScaleToZero.Activity {
        let entries = observation.autoscaler["status", "conditions"]?.arrayValue ?? []
        let entry = entries.first { $0["type"]?.stringValue == "Active" }
        let since = entry?["lastTransitionTime"]?.stringValue.flatMap(Timestamp.seconds) ?? observation.clock.seconds
        let moment = Duration.seconds(-max(0, observation.clock.seconds - since))
        // What gets further is not given up, however long it takes.
        let progress = observation.deployment.flatMap { TimedCondition.held("Progressing", by: $0)?.updated } ?? 0
        let start = Duration.seconds(-max(0, observation.clock.seconds - max(since, progress)))
        guard isInitialized else { return .activating(since: start) }
        switch entry?["status"]?.stringValue {
        case "True": return .active(since: moment)
        case "False": return .inactive(since: moment)
        // Ready meanwhile, though that was not written yet: active from now on.
        default: return observation.ready > 0 ? .active(since: .zero) : .activating(since: start)
        }
    }

    private static let noTraffic = Condition(
        "Active", "False", reason: "NoTraffic", message: "nobody calls; a request will start a replica")

    private static let timedOut = Condition(
        "Active", "False", reason: "TimedOut", message: "no replica became ready in time; a request will try again")
}
