import JSONModel
import KubeModel

/// What must hold for the scaling of a component, by who does it.
struct ScalingValidation {
    let component: JSONValue
    let path: FieldPath
    let scaler: Scaler

    func check() -> [Status.Cause] {
        switch scaler {
        case .kpa: metric(among: ["concurrency", "rps"]) + target(1...Int.max, "must be at least 1")
        case .hpa: metric(among: ["cpu", "memory"]) + hpaTarget() + metrics(check: resourceOnly)
        case .keda: kedaMetric() + metrics(check: keda)
        case .other: []
        }
    }

    private func metric(among supported: [String]) -> [Status.Cause] {
        guard let metric = component["scaleMetric"]?.stringValue, !supported.contains(metric) else { return [] }
        // Words that are none at all are the schema's to refuse.
        guard ["cpu", "memory", "concurrency", "rps"].contains(metric) else { return [] }
        return [.notSupported(path.field("scaleMetric"), metric.quoted, supported: supported)]
    }

    private func target(_ range: ClosedRange<Int>, _ why: String) -> [Status.Cause] {
        guard let target = component["scaleTarget"]?.intValue, !range.contains(target) else { return [] }
        return [.invalid(path.field("scaleTarget"), "\(target)", why)]
    }

    private func hpaTarget() -> [Status.Cause] {
        component["scaleMetric"] == "memory"
            ? target(1...Int.max, "must be at least 1 (MiB)") : target(1...100, "must be a percentage from 1 to 100")
    }

    private func kedaMetric() -> [Status.Cause] {
        guard component["scaleMetric"] != nil else { return [] }
        return [.forbidden(path.field("scaleMetric"), "KEDA scales by autoScaling.metrics; remove scaleMetric")]
    }

    private func metrics(check: (JSONValue, FieldPath) -> [Status.Cause]) -> [Status.Cause] {
        let path = path.field("autoScaling").field("metrics")
        return (component[path: "autoScaling", "metrics"]?.arrayValue ?? []).enumerated().flatMap {
            check($1, path.index($0))
        }
    }

    private func resourceOnly(_ metric: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard let type = metric["type"]?.stringValue, type != "Resource" else {
            return source(metric, "resource", path)
        }
        return [.notSupported(path.field("type"), type.quoted, supported: ["Resource"])]
    }

    private func keda(_ metric: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        switch metric["type"]?.stringValue {
        case "Resource": source(metric, "resource", path) + resource(metric, path.field("resource"))
        case "External": source(metric, "external", path) + query(metric["external"], path.field("external"))
        case "PodMetric": source(metric, "podmetric", path) + query(metric["podmetric"], path.field("podmetric"))
        default: []
        }
    }

    private func source(_ metric: JSONValue, _ key: String, _ path: FieldPath) -> [Status.Cause] {
        guard metric[key] == nil else { return [] }
        return [.required(path.field(key), "a metric of type \(metric["type"]?.stringValue ?? "") says which")]
    }

    private func resource(_ metric: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard let resource = metric["resource"], let target = resource["target"] else { return [] }
        let types = resource["name"] == "memory" ? ["AverageValue", "Utilization"] : ["Utilization"]
        let type = target["type"]?.stringValue ?? ""
        let path = path.field("target")
        guard types.contains(type) else {
            return [.notSupported(path.field("type"), type.quoted, supported: types)]
        }
        if type == "AverageValue", let value = Quantity(target["averageValue"]), value < Quantity(bytes: 1 << 20) {
            let text = target["averageValue"]?.text ?? ""
            return [.invalid(path.field("averageValue"), text, "must be at least 1Mi")]
        }
        return MetricTarget.check(target, path)
    }

    private func query(_ source: JSONValue?, _ path: FieldPath) -> [Status.Cause] {
        guard let source, source.objectValue != nil else { return [] }
        var causes: [Status.Cause] = []
        if source[path: "metric", "query"]?.nonEmptyString == nil {
            causes.append(.required(path.field("metric").field("query"), "say what to ask"))
        }
        guard let target = source["target"], target.objectValue != nil else { return causes }
        if target["value"] == nil {
            causes.append(.required(path.field("target").field("value"), "say which value to hold"))
        }
        return causes
            + MetricTarget.check(target, path.field("target")).filter { !causes.map(\.field).contains($0.field) }
    }
}

/// The target of a metric: what its type says must be there.
private enum MetricTarget {
    static func check(_ target: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let fields = ["Utilization": "averageUtilization", "AverageValue": "averageValue", "Value": "value"]
        guard let type = target["type"]?.stringValue, let field = fields[type] else { return [] }
        guard let value = target[field] else {
            return [.required(path.field(field), "a target of type \(type) needs it")]
        }
        guard type == "Utilization", let percent = value.intValue, !(1...100).contains(percent) else { return [] }
        return [.invalid(path.field(field), "\(percent)", "must be a percentage from 1 to 100")]
    }
}
