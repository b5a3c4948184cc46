package import JSONModel
import KubeModel

/// An entry of `spec.canary`, for reading.
package struct CanaryPredictor: Sendable, Hashable {
    package let json: JSONValue

    package init(json: JSONValue) { self.json = json }

    package var name: String { json[path: "predictor", "name"]?.stringValue ?? "" }
    package var trafficPercent: Int { json["trafficPercent"]?.intValue ?? 0 }

    /// How many replicas it has: as many as it says, else its share of the stable predictor's, rounded up.
    package func replicas(besides stable: ComponentSpec) -> Int {
        if let own = json[path: "predictor", "minReplicas"]?.intValue { return own }
        return (max(1, stable.minReplicas) * trafficPercent + 99) / 100
    }
}

extension InferenceService {
    package var canaries: [CanaryPredictor] {
        (object.spec["canary"]?.arrayValue ?? []).map(CanaryPredictor.init)
    }

    /// The service as it would be if the canary were its predictor: what the canary says lies over what the stable one
    /// says.
    package func promoting(_ canary: CanaryPredictor) -> InferenceService {
        var promoted = object
        promoted["spec", "canary"] = nil
        promoted["spec", "predictor"] = predictor.json.overlaid(with: canary.json["predictor"] ?? [:])
        return InferenceService(promoted)
    }
}

extension JSONValue {
    /// Objects are merged member by member; anything else is replaced.
    func overlaid(with other: JSONValue) -> JSONValue {
        guard case .object(var members) = self, case .object(let added) = other else { return other }
        for member in added {
            members[member.key] = members[member.key]?.overlaid(with: member.value) ?? member.value
        }
        return .object(members)
    }
}
