import Autoscaling
import JSONModel
import KubeModel

/// The next number of replicas, and what is said of it, in Kubernetes' words.
struct HorizontalStep: Sendable, Hashable {
    /// `nil` where there is nothing to scale.
    var current: Int?
    var replicas = 0
    var metrics: [JSONValue] = []
    var conditions: [Condition] = []
    /// Why the number changes.
    var reason = ""
    /// Why a metric could not be read.
    var failures: [MetricReading.Failure] = []

    var changes: Bool { current != nil && current != replicas }

    /// There is no target.
    static func noTarget(_ spec: HorizontalSpec) -> HorizontalStep {
        let message =
            "\(spec.kind) \(spec.name) does not exist, or has no scale that Martlet knows; only Deployments do"
        return HorizontalStep(conditions: [
            Condition("AbleToScale", "False", reason: "FailedGetScale", message: message)
        ])
    }

    /// At zero it is for others to start a first replica: by hand, or by a call where the gateway wakes the target.
    static func atZero(wakes: Bool) -> HorizontalStep {
        let message =
            wakes
            ? "the target is at zero; the next request starts a replica"
            : "scaling is disabled since the replica count of the target is zero"
        return HorizontalStep(
            current: 0,
            conditions: [ableToGet, Condition("ScalingActive", "False", reason: "ScalingDisabled", message: message)])
    }

    static func outOfBounds(_ current: Int, _ spec: HorizontalSpec) -> HorizontalStep {
        let isAbove = current > spec.most
        let replicas = isAbove ? spec.most : spec.least
        return HorizontalStep(
            current: current, replicas: replicas, conditions: [rescaled(to: replicas)],
            reason: isAbove
                ? "more than maxReplicas, which is \(spec.most)" : "less than minReplicas, which is \(spec.least)")
    }

    /// Some metric could not be read, and those that could do not ask for more than there is: nothing is done.
    static func unreadable(_ current: Int, _ failures: [MetricReading.Failure]) -> HorizontalStep {
        let first = failures.first
        return HorizontalStep(
            current: current, replicas: current,
            conditions: [
                ableToGet, Condition("ScalingActive", "False", reason: first?.reason, message: first?.message),
            ], failures: failures)
    }

    static func decided(
        _ current: Int, _ decision: HorizontalScaler.Decision, _ spec: HorizontalSpec, _ readings: [MetricReading],
        evidence: String, failures: [MetricReading.Failure]
    ) -> HorizontalStep {
        let able =
            decision.replicas == current
            ? Condition("AbleToScale", "True", reason: decision.stability.rawValue, message: decision.stability.message)
            : rescaled(to: decision.replicas)
        let isLimited = decision.limit != .withinRange
        return HorizontalStep(
            current: current, replicas: decision.replicas, metrics: readings.map(\.status),
            conditions: [
                able,
                Condition("ScalingActive", "True", reason: "ValidMetricFound", message: evidence),
                Condition(
                    "ScalingLimited", isLimited ? "True" : "False", reason: decision.limit.rawValue,
                    message: decision.limit.message(spec)),
            ], reason: evidence, failures: failures)
    }

    private static let ableToGet = Condition(
        "AbleToScale", "True", reason: "SucceededGetScale", message: "the target's scale is known")

    private static func rescaled(to replicas: Int) -> Condition {
        Condition(
            "AbleToScale", "True", reason: "SucceededRescale", message: "the target's scale was set to \(replicas)")
    }
}

extension HorizontalScaler.Stability {
    var message: String {
        switch self {
        case .ready: "the number of replicas is as the metrics ask for"
        case .downStabilized: "more was asked for within the stabilization window; that still counts"
        case .upStabilized: "less was asked for within the stabilization window; that still counts"
        }
    }
}

extension HorizontalScaler.Limit {
    func message(_ spec: HorizontalSpec) -> String {
        switch self {
        case .withinRange: "the number asked for is within the bounds"
        case .tooFew: "fewer are asked for than minReplicas, which is \(spec.least)"
        case .tooMany: "more are asked for than maxReplicas, which is \(spec.most)"
        case .upRate: "more are asked for than behavior.scaleUp allows at once"
        case .downRate: "fewer are asked for than behavior.scaleDown allows at once"
        }
    }
}
