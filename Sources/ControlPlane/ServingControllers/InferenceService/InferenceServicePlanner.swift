import JSONModel
import KubeModel
import ServingAPI

enum InferenceServicePlanner {
    static func plan(
        _ observation: InferenceServiceReconciler.Observation, now: String
    ) -> Plan {
        var plan =
            switch observation.rendering {
            case .stopped(let children): stopped(observation, removing: children)
            case .standard(let children):
                StandardPlanner(
                    service: InferenceService(observation.service), children: children, hosts: observation.hosts,
                    serves: observation.serves, now: now
                ).plan()
            case .refused(let refusal): refused(observation, refusal, now: now)
            case .rendered(let service, let runtime): served(observation, service, runtime, now: now)
            }
        plan.blames = "PredictorReady"
        plan.status?["observedGeneration"] = .number(JSONNumber(observation.service.generation))
        plan.notices += readiness(observation.service, plan.conditions)
        return plan
    }

    private static func served(
        _ observation: InferenceServiceReconciler.Observation, _ knativeService: Object, _ runtime: ServingRuntime?,
        now: String
    ) -> Plan {
        var plan = Plan()
        plan.apply = ([knativeService] + observation.sides.map(\.rendered)).map { Plan.Manifest(.knativeServices, $0) }
        plan.delete = observation.orphans
        let conditions = InferenceServiceConditions(
            knativeService: observation.knativeService, pods: observation.pods.map { PodState($0) },
            sides: observation.sides.map {
                .init(role: $0.role, knativeService: $0.knativeService, pods: $0.pods.map { PodState($0) })
            }, unserved: unserved(observation))
        plan.conditions = conditions.all
        plan.status = InferenceServiceStatus.json(
            observation, runtime, isPredictorReady: conditions.all[0].isTrue, now: now)
        return plan
    }

    /// A revision that has traffic but that the gateway does not serve yet: of the transformer, where there is one.
    private static func unserved(_ observation: InferenceServiceReconciler.Observation) -> String? {
        let transformer = observation.sides.first { $0.role == .transformer }
        let entrance = transformer.map(\.knativeService) ?? observation.knativeService
        let traffic = entrance?["status", "traffic"]?.arrayValue ?? []
        let targets = traffic.compactMap(ResolvedTarget.init).filter { $0.percent > 0 }
        return targets.map(\.revision).first { !observation.serves($0) }
    }

    /// What was made before stays, so that a mistake in a change does not take the service down.
    private static func refused(
        _ observation: InferenceServiceReconciler.Observation, _ refusal: PredictorRendering.Refusal, now: String
    ) -> Plan {
        let service = observation.service
        var plan = Plan()
        plan.status = service.status
        plan.status?["modelStatus"] =
            ModelStatus(service: service, refusedWith: refusal.reason, message: refusal.message, now: now).json
        plan.conditions = InferenceServiceConditions(refused: refusal.reason, refusal.detail).all
        let isKnown = service.condition("PredictorReady")?.message == refusal.detail
        if !isKnown { plan.notices = [Plan.Notice(isWarning: true, reason: "InternalError", message: refusal.detail)] }
        return plan
    }

    private static func stopped(
        _ observation: InferenceServiceReconciler.Observation, removing children: [Plan.Manifest]
    ) -> Plan {
        var plan = Plan()
        plan.delete = children + observation.orphans
        plan.status = ["deploymentMode": .string(InferenceService(observation.service).deploymentMode.rawValue)]
        let message = "stopped by the annotation \(ServingKeys.stop); remove it to start the service"
        plan.conditions = InferenceServiceConditions(refused: "Stopped", message, isStopped: true).all
        return plan
    }

    /// Events for the moments in which it becomes ready, or is no more.
    private static func readiness(_ service: Object, _ conditions: [Condition]) -> [Plan.Notice] {
        let isReady = conditions.first { $0.type == "Ready" }?.isTrue ?? false
        guard isReady != service.isReady else { return [] }
        if isReady {
            let message = "InferenceService [\(service.name)] is Ready"
            return [Plan.Notice(isWarning: false, reason: "InferenceServiceReady", message: message)]
        }
        let missing = conditions.filter { !$0.isTrue && $0.severity == nil && $0.type != "Ready" }
        let reasons = missing.map { "\($0.type): \($0.message ?? $0.reason ?? $0.status)" }.joined(separator: "; ")
        let message = "InferenceService [\(service.name)] is no longer Ready because of: \(reasons)"
        return [Plan.Notice(isWarning: true, reason: "InferenceServiceNotReady", message: message)]
    }
}
