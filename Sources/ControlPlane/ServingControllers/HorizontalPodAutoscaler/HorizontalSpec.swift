import Autoscaling
import JSONModel
import KubeModel

/// The spec of a HorizontalPodAutoscaler, for reading.
struct HorizontalSpec: Sendable, Hashable {
    let least: Int
    let most: Int
    let metrics: [JSONValue]
    let up: HorizontalRules
    let down: HorizontalRules
    /// The kind and name of what is scaled.
    let kind: String
    let name: String

    /// - Parameter mayBeZero: whether somebody would wake the target again: a least number of 0 is 1 otherwise.
    init(_ autoscaler: Object, mayBeZero: Bool) {
        let spec = autoscaler.spec
        least = max(mayBeZero ? 0 : 1, spec["minReplicas"]?.intValue ?? 1)
        most = max(least, spec["maxReplicas"]?.intValue ?? 1)
        metrics = spec["metrics"]?.arrayValue ?? []
        up = HorizontalRules(spec["behavior"]?["scaleUp"], standard: .up)
        down = HorizontalRules(spec["behavior"]?["scaleDown"], standard: .down)
        kind = spec["scaleTargetRef"]?["kind"]?.stringValue ?? ""
        name = spec["scaleTargetRef"]?["name"]?.stringValue ?? ""
    }
}

extension HorizontalRules {
    /// `spec.behavior.scaleUp` or `.scaleDown`; what it does not say is as `standard`.
    init(_ json: JSONValue?, standard: HorizontalRules) {
        self = standard
        if let seconds = json?["stabilizationWindowSeconds"]?.intValue {
            stabilizationWindow = .seconds(max(0, seconds))
        }
        if let word = json?["selectPolicy"]?.stringValue.flatMap(Selection.init) { selection = word }
        if let entries = json?["policies"]?.arrayValue, !entries.isEmpty {
            policies = entries.compactMap { entry in
                guard let unit = entry["type"]?.stringValue.flatMap(Policy.Unit.init) else { return nil }
                return Policy(
                    unit, entry["value"]?.intValue ?? 0,
                    period: .seconds(entry["periodSeconds"]?.intValue ?? 15))
            }
        }
        if let quantity = Quantity(json?["tolerance"]) { tolerance = quantity.double }
    }
}
