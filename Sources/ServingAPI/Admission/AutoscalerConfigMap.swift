import JSONModel
package import KubeModel

/// Knative's ConfigMap `config-autoscaler`: its keys, and the ranges that Knative gives them. Keys that are missing have
/// their defaults; keys that nobody knows are left alone, as Knative does.
package enum AutoscalerConfigMap {
    /// Where it is looked for; the first one found counts.
    package static let keys = ["martlet-system", "knative-serving"].map {
        ObjectKey(namespace: $0, name: "config-autoscaler")
    }

    private static let rules: [(key: String, rule: SettingRule)] = [
        ("container-concurrency-target-percentage", .number(0.0.nextUp...100, "must be above 0 and at most 100")),
        ("container-concurrency-target-default", .atLeast(0.01, "must be a number of at least 0.01")),
        ("requests-per-second-target-default", .atLeast(0.01, "must be a number of at least 0.01")),
        ("target-burst-capacity", .numberOrMinusOne("must be -1 (no bound) or a number of at least 0")),
        ("stable-window", .wholeSeconds(6...3600, "must be between 6s and 1h")),
        ("panic-window-percentage", .number(1...100, "must be a number between 1 and 100")),
        ("panic-threshold-percentage", .number(110...1000, "must be a number between 110 and 1000")),
        ("max-scale-up-rate", .above(1, "must be a number above 1")),
        ("max-scale-down-rate", .above(1, "must be a number above 1")),
        ("enable-scale-to-zero", .flag),
        ("scale-to-zero-grace-period", .duration(0.0.nextUp...Double.infinity, "must be above 0s")),
        ("scale-to-zero-pod-retention-period", .duration(0...Double.infinity, "must not be negative")),
        ("pod-autoscaler-class", .word(AutoscalingKeys.classes)),
        ("activator-capacity", .atLeast(1, "must be a number of at least 1")),
        ("initial-scale", .count),
        ("allow-zero-initial-scale", .flag),
        ("min-scale", .count),
        ("max-scale", .count),
        ("max-scale-limit", .count),
        ("scale-down-delay", .wholeSeconds(0...3600, "must be between 0s and 1h")),
    ]

    /// Every key that is wrong; nothing for any other ConfigMap.
    package static func check(_ configMap: Object) -> [Status.Cause] {
        guard keys.contains(configMap.key) else { return [] }
        let data = configMap.json["data"]?.objectValue ?? [:]
        let path = FieldPath("data")
        let wrong = rules.compactMap { key, rule in
            data[key]?.stringValue.flatMap { rule.problem($0, at: path.key(key)) }
        }
        return wrong.isEmpty ? together(data, path) : wrong
    }

    /// What the keys must hold together.
    private static func together(_ data: JSONObject, _ path: FieldPath) -> [Status.Cause] {
        func text(_ key: String) -> String? { data[key]?.stringValue }
        func number(_ key: String, or standard: Double) -> Double { text(key).flatMap(Double.init) ?? standard }
        var causes: [Status.Cause] = []
        if text("initial-scale") == "0", text("allow-zero-initial-scale")?.lowercased() == "false" {
            let why = "must be at least 1 while allow-zero-initial-scale is false"
            causes.append(.invalid(path.key("initial-scale"), "0".quoted, why))
        }
        let (most, limit) = (number("max-scale", or: 0), number("max-scale-limit", or: 0))
        if limit > 0, most < 1 || most > limit {
            let why = "must be between 1 and max-scale-limit, which is \(Int(limit))"
            causes.append(.invalid(path.key("max-scale"), "\(Int(most))".quoted, why))
        }
        let percentage = number("container-concurrency-target-percentage", or: 70)
        let share = percentage > 1 ? percentage / 100 : percentage
        if number("container-concurrency-target-default", or: 100) * share < 0.01 {
            let why = "with container-concurrency-target-percentage this aims at less than 0.01 requests"
            let key = "container-concurrency-target-default"
            causes.append(.invalid(path.key(key), (text(key) ?? "100").quoted, why))
        }
        return causes
    }
}
