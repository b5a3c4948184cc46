import KubeModel
import ServingAPI

/// The conditions of a service in Standard mode: Ready is PredictorReady and IngressReady.
struct StandardConditions: Sendable, Hashable {
    let all: [Condition]

    var isPredictorReady: Bool { all[0].isTrue }

    /// - Parameter hasRoutes: whether it is to have HTTPRoutes.
    init(_ children: StandardChildren, hasRoutes: Bool = true, isServed: (String) -> Bool) {
        let predictor = Self.predictor(children.stable)
        let ingress = Self.ingress(children, hasRoutes: hasRoutes, isServed)
        all = [predictor, ingress, .summary(of: [predictor, ingress])]
    }

    /// While it is not ready, the pods say best why.
    private static func predictor(_ component: StandardComponent) -> Condition {
        if component.isReady { return Condition("PredictorReady", "True") }
        if let failure = component.failure {
            return Condition(
                "PredictorReady", "False", reason: failure.isOfModel ? "ModelLoadFailed" : failure.exitReason,
                message: failure.message)
        }
        for type in ["ReplicaFailure", "Progressing"] {
            guard let condition = component.deployment?.condition(type), condition.isTrue == (type == "ReplicaFailure"),
                !condition.isUnknown
            else { continue }
            return Condition("PredictorReady", "False", reason: condition.reason, message: condition.message)
        }
        let message = component.pods.lazy.compactMap { PodState($0).progress }.first
        return Condition(
            "PredictorReady", "Unknown", reason: "Deploying", message: message ?? "the first replica is starting")
    }

    private static func ingress(
        _ children: StandardChildren, hasRoutes: Bool, _ isServed: (String) -> Bool
    ) -> Condition {
        guard children.route != nil || !hasRoutes else {
            return Condition(
                "IngressReady", "Unknown", reason: "Predictor ingress not created", message: "it has no route yet")
        }
        let missing = children.backends.first { $0.weight > 0 && !isServed($0.name) }
        guard let missing else { return Condition("IngressReady", "True") }
        return Condition(
            "IngressReady", "Unknown", reason: "Uninitialized",
            message: "the gateway has yet to serve deployment \"\(missing.name)\"")
    }
}
