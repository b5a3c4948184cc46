import Autoscaling
import JSONModel
import KubeModel
import ServingAPI

/// The class `hpa.autoscaling.knative.dev`: a HorizontalPodAutoscaler scales the revision, by cpu, memory or another metric
/// of its pods. It does not go to zero, unless no route leads to the revision any more.
enum HorizontalClass {
    static func plan(_ observation: PodAutoscalerReconciler.Observation) -> Plan {
        var plan = Plan()
        plan.blames = "SKSReady"
        plan.apply = [Plan.Manifest(.horizontalPodAutoscalers, horizontalPodAutoscaler(observation))]
        let replicas = observation.deployment?["spec", "replicas"]?.intValue ?? 1
        let wanted = wanted(observation, replicas: replicas)
        if let deployment = observation.deployment, wanted != replicas {
            let fields: JSONValue = ["spec": ["replicas": .number(JSONNumber(wanted))]]
            plan.change = [Plan.Change(resource: .deployments, key: deployment.key, fields: fields)]
            let why = wanted == 0 ? "no route leads to the revision" : "the revision is called"
            plan.notices = [
                Plan.Notice(
                    isWarning: false, reason: "SuccessfulRescale",
                    message: "New size: \(wanted), before: \(replicas); reason: \(why)", reachesService: true)
            ]
        }
        plan.status = status(observation, wanted)
        let parts = conditions(observation, wanted)
        plan.conditions = parts + [.summary(of: parts)]
        return plan
    }

    /// Only from and to zero; between, it is the HorizontalPodAutoscaler's.
    private static func wanted(_ observation: PodAutoscalerReconciler.Observation, replicas: Int) -> Int {
        let policy = observation.policy
        guard observation.autoscaler.isReachable else { return policy.allowsScaleToZero ? 0 : replicas }
        let isCalled = observation.wish.desired > 0 || policy.initialScale > 0
        return replicas == 0 && isCalled ? max(1, policy.minScale) : replicas
    }

    static func horizontalPodAutoscaler(_ observation: PodAutoscalerReconciler.Observation) -> Object {
        let (autoscaler, policy) = (observation.autoscaler, observation.policy)
        var child = autoscaler.child(.horizontalPodAutoscalers, name: autoscaler.name)
        child.labels = autoscaler.labels
        child.annotations = autoscaler.inheritedAnnotations
        let most = policy.maxScale > 0 ? policy.maxScale : Int(Int32.max)
        child.spec = [
            "scaleTargetRef": autoscaler["spec", "scaleTargetRef"] ?? [:], "maxReplicas": .number(JSONNumber(most)),
        ]
        if policy.minScale > 0 { child["spec", "minReplicas"] = .number(JSONNumber(policy.minScale)) }
        let settings = autoscaler.autoscalingAnnotations
        if let metric = metric(settings) { child["spec", "metrics"] = [metric] }
        if settings["window"] != nil {
            let seconds = JSONNumber(Int(policy.stableWindow.inSeconds))
            child["spec", "behavior"] = ["scaleDown": ["stabilizationWindowSeconds": .number(seconds)]]
        }
        return child
    }

    /// `nil` without a target: the default metric of HorizontalPodAutoscalers counts then.
    private static func metric(_ settings: [String: String]) -> JSONValue? {
        guard let text = settings["target"], let target = Double(text), target.isFinite else { return nil }
        switch settings["metric"] ?? "cpu" {
        case "cpu":
            let percent = JSONNumber(Int(min(target.rounded(.up), Double(Int32.max))))
            return resource("cpu", ["type": "Utilization", "averageUtilization": .number(percent)])
        case "memory": return resource("memory", ["type": "AverageValue", "averageValue": .string("\(text)Mi")])
        case let name:
            return [
                "type": "Pods",
                "pods": [
                    "metric": ["name": .string(name)],
                    "target": ["type": "AverageValue", "averageValue": .string(text)],
                ],
            ]
        }
    }

    private static func resource(_ name: String, _ target: JSONValue) -> JSONValue {
        ["type": "Resource", "resource": ["name": .string(name), "target": target]]
    }

    private static func status(_ observation: PodAutoscalerReconciler.Observation, _ wanted: Int) -> JSONValue {
        let desired = wanted == 0 ? 0 : observation.horizontal?["status", "desiredReplicas"]?.intValue ?? wanted
        return [
            "observedGeneration": .number(JSONNumber(observation.autoscaler.generation)),
            "desiredScale": .number(JSONNumber(max(desired, min(1, wanted)))),
            "actualScale": .number(JSONNumber(observation.ready)),
        ]
    }

    private static func conditions(
        _ observation: PodAutoscalerReconciler.Observation, _ wanted: Int
    ) -> [Condition] {
        let enough = wanted == 0 ? 0 : max(1, observation.policy.minScale)
        let wasInitialized = observation.autoscaler.condition("ScaleTargetInitialized")?.isTrue ?? false
        let active =
            wanted == 0
            ? Condition("Active", "False", reason: "NoTraffic", message: "no replica is wanted")
            : observation.ready >= enough
                ? Condition("Active", "True")
                : Condition(
                    "Active", "Unknown", reason: "Queued", message: "requests wait in the gateway while replicas start")
        let initialized =
            wasInitialized || observation.ready >= enough
            ? Condition("ScaleTargetInitialized", "True")
            : Condition(
                "ScaleTargetInitialized", "Unknown", reason: "Initializing",
                message: "\(observation.ready) of the first \(enough) replicas are ready")
        return [active, initialized, Condition("SKSReady", "True")]
    }
}
