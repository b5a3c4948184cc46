import Autoscaling
import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// PodAutoscaler -> the replicas of its Deployment, by what the gateway counts; or a HorizontalPodAutoscaler.
struct PodAutoscalerReconciler: Reconciler {
    struct Observation: Sendable {
        var autoscaler: Object
        var deployment: Object?
        /// Pods that can take requests.
        var ready: Int
        var scalingClass = ScalingClass.kpa
        var policy: ScalingPolicy
        var wish: ScaleWish
        /// Of the class hpa: what scales the revision.
        var horizontal: Object?
        /// The moment of the decision.
        var clock: Calendar
    }

    static let resource = Resource.podAutoscalers
    static let fieldManager = "martlet-autoscaler"
    static let looksTwice = false
    let bench: Workbench
    let loads: RevisionLoads
    let engines: EngineWatch
    let ledger: RoomLedger

    func observe(_ autoscaler: Object) -> Observation {
        let settings = bench.autoscalerConfiguration
        var policy = ScalingPolicy(
            settings, annotations: autoscaler.autoscalingAnnotations,
            containerConcurrency: autoscaler["spec", "containerConcurrency"]?.intValue ?? 0)
        // A model stays at least as long as it takes to load, even if nobody who waited for it is still there.
        policy.retention = max(policy.retention, bench.store(.revisions)[autoscaler.key]?.loadTime ?? .zero)
        let target = autoscaler["spec", "scaleTargetRef", "name"]?.stringValue ?? ""
        let deployment = bench.store(.deployments)[autoscaler.sibling(target)]
        policy.panics = deployment.map { !PodDemand.needsDevice($0["spec", "template"]) } ?? true
        let pods = RevisionPods(autoscaler, bench)
        let scalingClass = autoscaler.scalingClass ?? settings.scalingClass
        return Observation(
            autoscaler: autoscaler, deployment: deployment, ready: pods.counts.ready, scalingClass: scalingClass,
            policy: policy, wish: wish(autoscaler, scalingClass, policy, pods, deployment),
            horizontal: bench.store(.horizontalPodAutoscalers)[autoscaler.key], clock: Calendar(bench.time))
    }

    func plan(_ observation: Observation) -> Plan {
        guard observation.scalingClass != .hpa else { return HorizontalClass.plan(observation) }
        var plan = PodAutoscalerPlanner.plan(observation)
        // Left from when the revision was of the class hpa.
        if let old = observation.horizontal, old.controller?.uid == observation.autoscaler.uid {
            plan.delete = [Plan.Manifest(.horizontalPodAutoscalers, old)]
        }
        return plan
    }

    func forget(_ key: ObjectKey) { loads.forget(key) }

    private func wish(
        _ autoscaler: Object, _ scalingClass: ScalingClass, _ policy: ScalingPolicy, _ pods: RevisionPods,
        _ deployment: Object?
    ) -> ScaleWish {
        switch scalingClass {
        case .kpa:
            return loads.wish(
                autoscaler.key, policy, ready: pods.counts.ready, isReachable: autoscaler.isReachable)
        case .hpa: return ScaleWish(desired: loads.isCalled(autoscaler.key) ? 1 : 0)
        case .llm:
            let languageModel = LanguageModelPolicy(policy, of: autoscaler)
            let engine = engines.load(of: pods.engines)
            var wish = loads.wish(autoscaler.key, languageModel, pods.counts, engine)
            if let room = deployment.flatMap(ledger.replicas), wish.desired > room {
                wish.evidence += "; the machine has room for \(room), \(wish.desired) are wanted"
                wish.desired = max(room, min(1, wish.desired))
            }
            return wish
        }
    }
}

extension Object {
    /// Of a PodAutoscaler: whether a route leads to its revision, or may soon.
    var isReachable: Bool { self["spec", "reachability"]?.stringValue != "Unreachable" }

    /// Of a PodAutoscaler: who scales; `nil` where it does not say.
    var scalingClass: ScalingClass? { annotations[AutoscalingKeys.scalingClass].flatMap(ScalingClass.init) }

    /// Of a Revision: how long a pod takes to be ready, as far as that was learned; at most an hour.
    var loadTime: Duration? {
        guard let seconds = annotations[ServingKeys.loadSeconds].flatMap(Double.init), seconds > 0 else { return nil }
        return .seconds(min(seconds, 3_600))
    }
}
