import Autoscaling
import JSONModel
import KubeController
import KubeModel
import ServingAPI

/// HorizontalPodAutoscaler -> the replicas of a Deployment, by what its pods use (autoscaling/v2).
struct HorizontalPodAutoscalerReconciler: Reconciler {
    struct Observation: Sendable {
        var autoscaler: Object
        var target: Object?
        /// `nil` where the autoscaler is not due yet.
        var step: HorizontalStep?
        var lookAgain: Duration
        var clock: Calendar
    }

    /// Kubernetes' `--horizontal-pod-autoscaler-sync-period`.
    static let interval: Duration = .seconds(15)

    static let resource = Resource.horizontalPodAutoscalers
    static let fieldManager = "horizontal-pod-autoscaler"
    static let looksTwice = false
    let bench: Workbench
    let history: HorizontalHistory
    let usage: any PodUsageSource
    let traffic: any RevisionTraffic

    func observe(_ autoscaler: Object) async -> Observation {
        let now = bench.time.now
        let target = target(of: autoscaler)
        var observation = Observation(
            autoscaler: autoscaler, target: target, step: nil,
            lookAgain: Self.interval, clock: Calendar(bench.time))
        if let wait = history.untilDue(autoscaler, every: Self.interval, at: now) {
            observation.lookAgain = wait
        } else {
            let usages = await usage.podUsages()
            observation.step = step(autoscaler, target, usages, at: now)
        }
        return observation
    }

    func plan(_ observation: Observation) -> Plan { HorizontalPlanner.plan(observation) }

    func forget(_ key: ObjectKey) { history.forget(key) }

    private func target(of autoscaler: Object) -> Object? {
        let spec = HorizontalSpec(autoscaler, mayBeZero: false)
        return spec.kind == Resource.deployments.kind ? bench.store(.deployments)[autoscaler.sibling(spec.name)] : nil
    }

    private func step(
        _ autoscaler: Object, _ target: Object?, _ usages: [ObjectKey: [String: ContainerUsage]], at now: Duration
    ) -> HorizontalStep {
        let wakes = target?.labels[ServingKeys.inferenceService] != nil
        let spec = HorizontalSpec(autoscaler, mayBeZero: wakes)
        guard let target else {
            history.looked(autoscaler, current: 0, at: now)
            return .noTarget(spec)
        }
        let current = target["spec", "replicas"]?.intValue ?? 1
        if current == 0 || !(spec.least...spec.most).contains(current) {
            let step = current == 0 ? HorizontalStep.atZero(wakes: spec.least == 0) : .outOfBounds(current, spec)
            history.rescaled(autoscaler, from: current, to: step.replicas, at: now)
            return step
        }
        let clock = Calendar(bench.time)
        let pods = bench.store(.pods).all(in: target.namespace).filter(target.selects).compactMap {
            MeasuredPod($0, usages: usages[$0.key], clock: clock)
        }
        let evaluation = HorizontalEvaluation(spec, pods: pods, current: current)
        let reading = traffic.reading(namespace: target.namespace ?? "", revision: target.name)
        let idle = history.idle(autoscaler, reading, at: now)
        guard let wish = evaluation.wish(spec, idle: idle) else {
            history.looked(autoscaler, current: current, at: now)
            return .unreadable(current, evaluation.failures)
        }
        let decision = history.decide(autoscaler, spec, proposed: wish.replicas, current: current, at: now)
        return .decided(
            current, decision, spec, evaluation.readings, evidence: wish.evidence, failures: evaluation.failures)
    }
}
