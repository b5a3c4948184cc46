import JSONModel
import KubeModel

extension Condition {
    /// Knative's summary of conditions: False where one is, else Unknown where one is, else True; with the reason and
    /// message of the first that is to blame.
    static func summary(_ type: String = "Ready", of conditions: [Condition]) -> Condition {
        let culprit = conditions.first(where: \.isFalse) ?? conditions.first { !$0.isTrue }
        guard let culprit else { return Condition(type, "True") }
        return Condition(type, culprit.status, reason: culprit.reason, message: culprit.message)
    }

    /// The same state under another name; Unknown where there is none yet.
    static func copy(_ condition: Condition?, as type: String) -> Condition {
        guard let condition else { return Condition(type, "Unknown") }
        return Condition(type, condition.status, reason: condition.reason, message: condition.message)
    }
}

extension Object {
    /// Whether the status speaks of the spec as it is now.
    var isObserved: Bool { self["status", "observedGeneration"]?.intValue == generation }

    var isReady: Bool { condition("Ready")?.isTrue ?? false }
}
