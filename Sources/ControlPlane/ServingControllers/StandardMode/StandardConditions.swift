import KubeModel
import ServingAPI

/// The conditions of a service in Standard mode: Ready is PredictorReady and IngressReady.
struct StandardConditions: Sendable, Hashable {
    let all: [Condition]

    var isPredictorReady: Bool { all[0].isTrue }

    /// - Parameter hasRoutes: whether it is to have HTTPRoutes.
    init(_ children: StandardChildren, hasRoutes: Bool = true, isServed: (String) -> Bool) {
        let predictor = Self.ready(.predictor, children.stable)
        let ingress = Self.ingress(children, hasRoutes: hasRoutes, isServed)
        let sides = children.sides.map { Self.ready($0.role, $0.component).informational }
        all = [predictor, ingress, .summary(of: [predictor, ingress])] + sides
    }

    /// While it is not ready, the pods say best why.
    private static func ready(_ role: ComponentRole, _ component: StandardComponent) -> Condition {
        let type = "\(role.title)Ready"
        if component.isReady { return Condition(type, "True") }
        if let failure = component.failure {
            return Condition(
                type, "False", reason: failure.isOfModel ? "ModelLoadFailed" : failure.exitReason,
                message: failure.message)
        }
        for type in ["ReplicaFailure", "Progressing"] {
            guard let condition = component.deployment?.condition(type), condition.isTrue == (type == "ReplicaFailure"),
                !condition.isUnknown
            else { continue }
            return Condition(type, "False", reason: condition.reason, message: condition.message)
        }
        let message = component.pods.lazy.compactMap { PodState($0).progress }.first
        return Condition(
            type, "Unknown", reason: "Deploying", message: message ?? "the first replica is starting")
    }

    private static func ingress(
        _ children: StandardChildren, hasRoutes: Bool, _ isServed: (String) -> Bool
    ) -> Condition {
        guard children.route != nil || !hasRoutes else {
            return Condition(
                "IngressReady", "Unknown", reason: "Predictor ingress not created", message: "it has no route yet")
        }
        if let side = children.sides.first(where: { !$0.component.isReady }) {
            return Condition(
                "IngressReady", "Unknown", reason: "\(side.role.title) ingress not created",
                message: "the \(side.role.rawValue) is not ready")
        }
        let missing = children.entrance.first { $0.weight > 0 && !isServed($0.name) }
        guard let missing else { return Condition("IngressReady", "True") }
        return Condition(
            "IngressReady", "Unknown", reason: "Uninitialized",
            message: "the gateway has yet to serve deployment \"\(missing.name)\"")
    }
}
