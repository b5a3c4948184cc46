import KubeModel

/// The conditions of an InferenceService. Ready is PredictorReady and IngressReady; the others tell where it stands.
struct InferenceServiceConditions: Sendable, Hashable {
    let all: [Condition]

    var ready: Condition? { all.first { $0.type == "Ready" } }

    /// - Parameters:
    ///   - knativeService: the predictor's; `nil` where there is none yet.
    ///   - pods: of its newest revision.
    ///   - unserved: a revision with traffic that the gateway does not serve yet.
    init(knativeService: Object?, pods: [PodState], unserved: String?) {
        let current = knativeService.flatMap { $0.isObserved ? $0 : nil }
        let predictor = Self.predictor(current, pods)
        let routes = Condition.copy(current?.condition("RoutesReady"), as: "PredictorRouteReady")
        let configuration = Condition.copy(
            current?.condition("ConfigurationsReady"), as: "PredictorConfigurationReady")
        let ingress = Self.ingress(routes, unserved: unserved)
        all = [
            predictor, ingress, .summary(of: [predictor, ingress]), routes.informational, configuration.informational,
            .copy(routes, as: "RoutesReady").informational,
            .copy(configuration, as: "LatestDeploymentReady").informational,
        ]
    }

    /// Nothing can be made of the specification, or it is stopped; what was made before may still serve.
    init(refused reason: String, _ message: String, isStopped: Bool = false) {
        let predictor = Condition("PredictorReady", "False", reason: reason, message: message)
        let ingress = Condition("IngressReady", "False", reason: reason, message: message)
        let stopped = isStopped ? [Condition("Stopped", "True", reason: "Stopped", severity: "Info")] : []
        all = [predictor, ingress, .summary(of: [predictor, ingress])] + stopped
    }

    /// While it is not ready, the pods say best why.
    private static func predictor(_ service: Object?, _ pods: [PodState]) -> Condition {
        let condition = Condition.copy(service?.condition("Ready"), as: "PredictorReady")
        guard !condition.isTrue, !pods.contains(where: \.isReady) else { return condition }
        for pod in pods where !pod.isBeingDeleted {
            switch pod.stage {
            case .failed(let failure):
                return Condition(
                    "PredictorReady", "False", reason: failure.isOfModel ? "ModelLoadFailed" : failure.exitReason,
                    message: failure.message)
            case .fetchingModel(let message):
                return Condition("PredictorReady", "Unknown", reason: "FetchingModel", message: message)
            case .starting(let message):
                return Condition("PredictorReady", "Unknown", reason: "Starting", message: message)
            case .unschedulable(let message):
                return Condition("PredictorReady", "Unknown", reason: "Unschedulable", message: message)
            case .pending, .ready: continue
            }
        }
        return condition
    }

    private static func ingress(_ routes: Condition, unserved: String?) -> Condition {
        guard routes.isTrue else {
            return Condition(
                "IngressReady", routes.status, reason: "Predictor ingress not created",
                message: routes.message ?? "the predictor has no route yet")
        }
        guard let unserved else { return Condition("IngressReady", "True") }
        return Condition(
            "IngressReady", "Unknown", reason: "Uninitialized",
            message: "the gateway has yet to serve revision \"\(unserved)\"")
    }
}
