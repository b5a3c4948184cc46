import Autoscaling
import JSONModel
import KubeModel
import ServingAPI

enum PodAutoscalerPlanner {
    /// How often a revision that has replicas is looked at (Knative's tick); one at zero waits for a request.
    static let evaluationInterval: Duration = .seconds(2)

    static func plan(_ observation: PodAutoscalerReconciler.Observation) -> Plan {
        let scale = ScaleStep(observation)
        var plan = Plan()
        plan.blames = "SKSReady"
        let replicas = observation.deployment?["spec", "replicas"]?.intValue ?? 1
        if let deployment = observation.deployment, replicas != scale.want,
            scale.want > replicas || !isFirstReached(observation, scale)
        {
            let fields: JSONValue = ["spec": ["replicas": .number(JSONNumber(scale.want))]]
            plan.change = [Plan.Change(resource: .deployments, key: deployment.key, fields: fields)]
            plan.notices = [rescaled(observation, scale, from: replicas)]
        }
        // Until the deployment has taken the number up, the status can wait: the pod that it makes cannot.
        let isTakenUp = plan.change.isEmpty && observation.deployment?.isObserved ?? true
        if isTakenUp { plan.status = status(observation, scale) }
        let parts = [
            scale.active, initialized(observation, scale), Condition("SKSReady", "True"),
        ]
        plan.conditions = parts + [.summary(of: parts)]
        plan.lookAgain = scale.lookAgain
        return plan
    }

    /// The first scale is reached, and not written down yet. Only then may it be left: a replica that is taken away
    /// before would look like one that never came, and be started again, for ever.
    private static func isFirstReached(
        _ observation: PodAutoscalerReconciler.Observation, _ scale: ScaleStep
    ) -> Bool {
        scale.isInitialized && observation.autoscaler.condition("ScaleTargetInitialized")?.isTrue != true
    }

    private static func initialized(
        _ observation: PodAutoscalerReconciler.Observation, _ scale: ScaleStep
    ) -> Condition {
        scale.isInitialized
            ? Condition("ScaleTargetInitialized", "True")
            : Condition(
                "ScaleTargetInitialized", "Unknown", reason: "Initializing",
                message: "\(observation.ready) of the first \(scale.enough) replicas are ready")
    }

    private static func rescaled(
        _ observation: PodAutoscalerReconciler.Observation, _ scale: ScaleStep, from old: Int
    ) -> Plan.Notice {
        let reason = scale.want == 0 ? scale.active.message ?? "nobody calls" : observation.wish.evidence
        let message = "New size: \(scale.want), before: \(old); reason: \(reason)"
        return Plan.Notice(
            isWarning: false, reason: "SuccessfulRescale", message: message, reachesService: true)
    }

    private static func status(
        _ observation: PodAutoscalerReconciler.Observation, _ scale: ScaleStep
    ) -> JSONValue {
        let mode = ServerlessService.mode(
            want: scale.want, excessBurstCapacity: observation.wish.excessBurstCapacity)
        return [
            "observedGeneration": .number(JSONNumber(observation.autoscaler.generation)),
            "desiredScale": .number(JSONNumber(scale.want)), "actualScale": .number(JSONNumber(observation.ready)),
            "annotations": [Annotation.serverlessServiceMode: .string(mode.rawValue)],
        ]
    }
}
