import Autoscaling
import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// PodAutoscaler -> the replicas of its Deployment, by what the gateway counts.
struct PodAutoscalerReconciler: Reconciler {
    struct Observation: Sendable {
        var autoscaler: Object
        var deployment: Object?
        /// Pods that can take requests.
        var ready: Int
        var policy: ScalingPolicy
        /// Replicas that the load asks for, before any bounds.
        var desired: Int
        /// The moment of the decision.
        var clock: Calendar
    }

    static let resource = Resource.podAutoscalers
    static let fieldManager = "martlet-autoscaler"
    static let looksTwice = false
    let bench: Workbench
    let loads: RevisionLoads

    func observe(_ autoscaler: Object) -> Observation {
        let policy = ScalingPolicy(
            bench.autoscalerConfiguration, annotations: autoscaler.autoscalingAnnotations,
            containerConcurrency: autoscaler["spec", "containerConcurrency"]?.intValue ?? 0)
        let ready = bench.store(.pods).labelled(ServingKeys.revision, autoscaler.name)
            .count { $0.namespace == autoscaler.namespace && !$0.isBeingDeleted && $0.isReady }
        let target = autoscaler["spec", "scaleTargetRef", "name"]?.stringValue ?? ""
        return Observation(
            autoscaler: autoscaler, deployment: bench.store(.deployments)[autoscaler.sibling(target)], ready: ready,
            policy: policy,
            desired: loads.desired(autoscaler.key, policy, ready: ready, isReachable: autoscaler.isReachable),
            clock: Calendar(bench.time))
    }

    func plan(_ observation: Observation) -> Plan { PodAutoscalerPlanner.plan(observation) }

    func forget(_ key: ObjectKey) { loads.forget(key) }
}

extension Object {
    /// Of a PodAutoscaler: whether a route leads to its revision, or may soon.
    var isReachable: Bool { self["spec", "reachability"]?.stringValue != "Unreachable" }
}
