import JSONModel
import KubeModel

/// A condition of a Deployment: unlike others it has a lastUpdateTime, which says when there was progress last.
struct TimedCondition: Sendable, Hashable {
    let type: String
    let status: String
    let reason: String?
    let message: String?
    /// Seconds since 1970.
    var updated: Int64?

    init(_ type: String, _ status: String, reason: String?, message: String?) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
    }

    static func held(_ type: String, by deployment: Object) -> TimedCondition? {
        guard let json = entry(type, deployment) else { return nil }
        var condition = TimedCondition(
            type, json["status"]?.stringValue ?? "Unknown", reason: json["reason"]?.stringValue,
            message: json["message"]?.stringValue)
        condition.updated = json["lastUpdateTime"]?.stringValue.flatMap(Timestamp.seconds)
        return condition
    }

    /// - Parameter moves: whether lastUpdateTime becomes now; by default where the condition says something new.
    func json(after deployment: Object, at clock: Calendar, moves: Bool? = nil) -> JSONValue {
        let old = Self.entry(type, deployment)
        let isSameStatus = old?["status"]?.stringValue == status
        let isSame = isSameStatus && old?["reason"]?.stringValue == reason
        var json: JSONValue = ["type": .string(type), "status": .string(status)]
        json["reason"] = reason.map { .string($0) }
        json["message"] = message.map { .string($0) }
        json["lastTransitionTime"] = isSameStatus ? old?["lastTransitionTime"] : .string(clock.text)
        json["lastUpdateTime"] = moves ?? !isSame ? .string(clock.text) : old?["lastUpdateTime"] ?? .string(clock.text)
        return json
    }

    private static func entry(_ type: String, _ deployment: Object) -> JSONValue? {
        deployment["status", "conditions"]?.arrayValue?.first { $0["type"]?.stringValue == type }
    }
}
