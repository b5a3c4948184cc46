import Autoscaling
import JSONModel
import KubeModel

/// What one metric of a HorizontalPodAutoscaler says.
struct MetricReading: Sendable, Hashable {
    var replicas: Int
    /// An entry of `status.currentMetrics`.
    var status: JSONValue
    /// For events: "cpu is at 93 % of what is requested, the target is 50 %".
    var evidence: String

    /// Why a metric cannot be read; the words are those of the condition `ScalingActive`.
    struct Failure: Error, Sendable, Hashable {
        var reason: String
        var message: String
    }

    /// - Parameter metric: an entry of `spec.metrics`.
    static func read(
        _ metric: JSONValue, pods: [MeasuredPod], current: Int, up: HorizontalRules, down: HorizontalRules
    ) throws(Failure) -> MetricReading {
        switch metric["type"]?.stringValue {
        case "Resource":
            return try resource(metric["resource"] ?? [:], "resource", pods, current, up, down)
        case "ContainerResource":
            return try resource(metric["containerResource"] ?? [:], "containerResource", pods, current, up, down)
        case "Pods": throw unavailable("FailedGetPodsMetric", metric["pods"])
        case "Object": throw unavailable("FailedGetObjectMetric", metric["object"])
        case "External": throw unavailable("FailedGetExternalMetric", metric["external"])
        case let type:
            throw Failure(
                reason: "InvalidMetricSourceType", message: "there are no metrics of the type \(type ?? "")")
        }
    }

    private static func unavailable(_ reason: String, _ source: JSONValue?) -> Failure {
        let name = source?[path: "metric", "name"]?.stringValue ?? ""
        return Failure(
            reason: reason,
            message: "nothing on this machine answers for the metric \(name); scale by the resource cpu or memory, "
                + "or a service by the class kpa or llm.martlet.dev")
    }

    private static func resource(
        _ source: JSONValue, _ field: String, _ pods: [MeasuredPod], _ current: Int, _ up: HorizontalRules,
        _ down: HorizontalRules
    ) throws(Failure) -> MetricReading {
        let reason = field == "resource" ? "FailedGetResourceMetric" : "FailedGetContainerResourceMetric"
        let name = source["name"]?.stringValue ?? ""
        guard let resource = MeasuredResource(rawValue: name) else {
            throw Failure(reason: reason, message: "the resource \(name) is not measured; use cpu or memory")
        }
        guard let target = Self.target(source["target"], resource) else {
            throw Failure(
                reason: reason, message: "the target of \(name) has neither averageUtilization nor averageValue")
        }
        let calculator = ReplicaCalculator(target: target, toleranceUp: up.tolerance, toleranceDown: down.tolerance)
        let container = source["container"]?.stringValue
        do throws(ReplicaCalculator.Failure) {
            let proposal = try calculator.propose(
                current: current, samples: pods.map { $0.sample(resource, container: container) })
            return MetricReading(proposal, resource, target, source, field)
        } catch {
            throw Failure(reason: reason, message: error.message(name))
        }
    }

    private static func target(_ target: JSONValue?, _ resource: MeasuredResource) -> ReplicaCalculator.Target? {
        if let percent = target?["averageUtilization"]?.intValue { return .utilization(percent) }
        return Quantity(target?["averageValue"]).map { .averageValue(resource.amount($0)) }
    }

    private init(
        _ proposal: ReplicaCalculator.Proposal, _ resource: MeasuredResource, _ target: ReplicaCalculator.Target,
        _ source: JSONValue, _ field: String
    ) {
        replicas = proposal.replicas
        let average = resource.quantity(proposal.averageValue).description
        var current: JSONValue = ["averageValue": .string(average)]
        current["averageUtilization"] = proposal.utilization.map { .number(JSONNumber($0)) }
        var entry: JSONValue = ["name": .string(resource.rawValue), "current": current]
        entry["container"] = source["container"]
        status = ["type": .string(field.prefix(1).uppercased() + field.dropFirst())]
        status[field] = entry
        switch target {
        case .utilization(let percent):
            evidence =
                "\(resource.rawValue) is at \(proposal.utilization ?? 0) % of what is requested, the target is \(percent) %"
        case .averageValue(let value):
            evidence = "\(resource.rawValue) is at \(average) a pod, the target is \(resource.quantity(value))"
        }
    }
}

extension ReplicaCalculator.Failure {
    fileprivate func message(_ resource: String) -> String {
        switch self {
        case .noMeasurements: "no pod that is ready has been measured yet"
        case .missingRequest:
            "a container does not request \(resource), so that there are no percents of it: set "
                + "resources.requests.\(resource), or a target of averageValue"
        }
    }
}
