import JSONModel
import KubeModel

/// How far a rolling update may stray from the number wanted.
struct RolloutLimits: Sendable, Hashable {
    var surge: Int
    var unavailable: Int
    var replacesAllAtOnce: Bool

    init(_ deployment: Object, wanted: Int) {
        let strategy = deployment["spec", "strategy"]
        replacesAllAtOnce = strategy?["type"]?.stringValue == "Recreate"
        let rolling = strategy?["rollingUpdate"]
        surge = replacesAllAtOnce ? 0 : Self.count(rolling?["maxSurge"], of: wanted, .up)
        let unavailable = min(wanted, Self.count(rolling?["maxUnavailable"], of: wanted, .down))
        // As upstream: where rounding leaves no room at all, one pod may be missing.
        self.unavailable = surge == 0 && unavailable == 0 ? min(wanted, 1) : unavailable
    }

    /// A number or a percentage (25 % where nothing is said).
    private static func count(_ value: JSONValue?, of wanted: Int, _ rounding: FloatingPointRoundingRule) -> Int {
        if let count = value?.intValue { return max(0, count) }
        let percent = value?.stringValue.flatMap { Double($0.split(separator: "%").first ?? "") } ?? 25
        return Int((Double(wanted) * percent / 100).rounded(rounding))
    }
}
