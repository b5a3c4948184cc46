import JSONModel
import KubeModel
import ServingAPI

enum HorizontalPlanner {
    static func plan(_ observation: HorizontalPodAutoscalerReconciler.Observation) -> Plan {
        var plan = Plan()
        plan.lookAgain = observation.lookAgain
        plan.blames = "AbleToScale"
        guard let step = observation.step else { return plan }
        if step.changes, let target = observation.target {
            let fields: JSONValue = ["spec": ["replicas": .number(JSONNumber(step.replicas))]]
            plan.change = [Plan.Change(resource: .deployments, key: target.key, fields: fields)]
            let message = "New size: \(step.replicas), before: \(step.current ?? 0); reason: \(step.reason)"
            plan.notices = [
                Plan.Notice(
                    isWarning: false, reason: "SuccessfulRescale", message: message, reachesService: true)
            ]
        }
        plan.notices += step.failures.map { Plan.Notice(isWarning: true, reason: $0.reason, message: $0.message) }
        plan.status = status(observation, step)
        plan.conditions = step.conditions
        return plan
    }

    private static func status(
        _ observation: HorizontalPodAutoscalerReconciler.Observation, _ step: HorizontalStep
    ) -> JSONValue {
        let old = observation.autoscaler["status"]
        var status: JSONValue = [
            "currentReplicas": .number(JSONNumber(step.current ?? 0)),
            "desiredReplicas": .number(JSONNumber(step.replicas)),
        ]
        if observation.autoscaler.generation > 0 {
            status["observedGeneration"] = .number(JSONNumber(observation.autoscaler.generation))
        }
        status["lastScaleTime"] = step.changes ? .string(observation.clock.text) : old?["lastScaleTime"]
        if !step.metrics.isEmpty { status["currentMetrics"] = .array(step.metrics) }
        return status
    }
}
