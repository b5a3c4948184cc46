import KubeModel
import ServingAPI

/// The conditions of an InferenceService. Ready is PredictorReady and IngressReady; the others tell where it stands.
struct InferenceServiceConditions: Sendable, Hashable {
    let all: [Condition]

    var ready: Condition? { all.first { $0.type == "Ready" } }

    /// What there is of a component.
    struct Component: Sendable {
        var role: ComponentRole
        /// `nil` where there is none yet.
        var knativeService: Object?
        /// Of its newest revision.
        var pods: [PodState]
    }

    /// - Parameters:
    ///   - knativeService: the predictor's; `nil` where there is none yet.
    ///   - pods: of its newest revision.
    ///   - sides: its transformer and explainer.
    ///   - unserved: a revision with traffic that the gateway does not serve yet.
    init(knativeService: Object?, pods: [PodState], sides: [Component] = [], unserved: String?) {
        let predictor = Reading(Component(role: .predictor, knativeService: knativeService, pods: pods))
        let others = sides.map(Reading.init)
        let readings = [predictor] + others
        let ingress = Self.ingress(readings, unserved: unserved)
        all =
            [predictor.ready, ingress, .summary(of: [predictor.ready, ingress])]
            + others.map(\.ready.informational)
            + readings.flatMap { [$0.routes.informational, $0.configuration.informational] }
            + [
                .summary("RoutesReady", of: readings.map(\.routes)).informational,
                .summary("LatestDeploymentReady", of: readings.map(\.configuration)).informational,
            ]
    }

    /// The conditions of one component.
    private struct Reading {
        let role: ComponentRole
        let ready: Condition
        let routes: Condition
        let configuration: Condition

        init(_ component: Component) {
            let current = component.knativeService.flatMap { $0.isObserved ? $0 : nil }
            role = component.role
            ready = InferenceServiceConditions.ready(role, current, component.pods)
            // KServe spells it so.
            let routesType = role == .explainer ? "ExplainerRoutesReady" : "\(role.title)RouteReady"
            routes = .copy(current?.condition("RoutesReady"), as: routesType)
            configuration = .copy(
                current?.condition("ConfigurationsReady"), as: "\(role.title)ConfigurationReady")
        }
    }

    /// Nothing can be made of the specification, or it is stopped; what was made before may still serve.
    init(refused reason: String, _ message: String, isStopped: Bool = false) {
        let predictor = Condition("PredictorReady", "False", reason: reason, message: message)
        let ingress = Condition("IngressReady", "False", reason: reason, message: message)
        let stopped = isStopped ? [Condition("Stopped", "True", reason: "Stopped", severity: "Info")] : []
        all = [predictor, ingress, .summary(of: [predictor, ingress])] + stopped
    }

    /// While it is not ready, the pods say best why.
    private static func ready(_ role: ComponentRole, _ service: Object?, _ pods: [PodState]) -> Condition {
        let type = "\(role.title)Ready"
        let condition = Condition.copy(service?.condition("Ready"), as: type)
        guard !condition.isTrue, !pods.contains(where: \.isReady) else { return condition }
        for pod in pods where !pod.isBeingDeleted {
            switch pod.stage {
            case .failed(let failure):
                return Condition(
                    type, "False", reason: failure.isOfModel ? "ModelLoadFailed" : failure.exitReason,
                    message: failure.message)
            case .fetchingModel(let message):
                return Condition(type, "Unknown", reason: "FetchingModel", message: message)
            case .starting(let message):
                return Condition(type, "Unknown", reason: "Starting", message: message)
            case .unschedulable(let message):
                return Condition(type, "Unknown", reason: "Unschedulable", message: message)
            case .pending, .ready: continue
            }
        }
        return condition
    }

    private static func ingress(_ readings: [Reading], unserved: String?) -> Condition {
        if let missing = readings.first(where: { !$0.routes.isTrue }) {
            return Condition(
                "IngressReady", missing.routes.status, reason: "\(missing.role.title) ingress not created",
                message: missing.routes.message ?? "the \(missing.role.rawValue) has no route yet")
        }
        guard let unserved else { return Condition("IngressReady", "True") }
        return Condition(
            "IngressReady", "Unknown", reason: "Uninitialized",
            message: "the gateway has yet to serve revision \"\(unserved)\"")
    }
}
