import KubeModel

/// The annotations that tune a revision: `autoscaling.knative.dev/...`, the deadlines of `serving.knative.dev/...`, and the
/// objectives of the class for language models, with the ranges that they have.
struct AutoscalingAnnotations {
    let annotations: [String: String]
    let path: FieldPath

    init(_ annotations: [String: String], _ path: FieldPath) {
        self.annotations = annotations
        self.path = path
    }

    /// By their names in kebab-case; camelCase is read as well.
    private static let rules: [(name: String, rule: SettingRule)] = [
        ("class", .word(AutoscalingKeys.classes)),
        ("metric-aggregation-algorithm", .word(["linear", "weighted-exponential", "weightedExponential"])),
        ("target", .atLeast(0.01, "must be a number of at least 0.01")),
        ("min-scale", .count),
        ("max-scale", .integer(0...Int(Int32.max), "must be 0 (no bound) or a larger whole number")),
        ("initial-scale", .count),
        ("activation-scale", .integer(2...Int(Int32.max), "must be a whole number of at least 2")),
        ("scale-down-delay", .wholeSeconds(0...3600, "must be between 0s and 1h")),
        ("window", .wholeSeconds(6...3600, "must be between 6s and 1h")),
        ("scale-to-zero-pod-retention-period", .duration(0...3600, "must be between 0s and 1h")),
        ("target-utilization-percentage", .number(1...100, "must be a number between 1 and 100")),
        ("target-burst-capacity", .numberOrMinusOne("must be -1 (no bound) or a number of at least 0")),
        ("panic-window-percentage", .number(1...100, "must be a number between 1 and 100")),
        ("panic-threshold-percentage", .number(110...1000, "must be a number between 110 and 1000")),
    ]

    /// By their whole keys.
    private static let others: [(key: String, rule: SettingRule)] = [
        (ServingKeys.progressDeadline, .wholeSeconds(1...Double.infinity, "must be at least 1s")),
        (ServingKeys.rolloutDuration, .wholeSeconds(0...Double.infinity, "must not be negative")),
        (ServingKeys.maxWait, .wholeSeconds(1...86_400, "must be between 1s and 24h")),
        (ServingKeys.keepAliveComments, .word(["true", "false"])),
        (ServingKeys.maxRequests, .integer(1...1_000_000, "must be a whole number from 1 to 1000000")),
        (ServingKeys.sessionAffinity, .session),
        (ServingKeys.prefixAffinity, .word(["true", "false"])),
        (ServingKeys.trustPriority, .word(["true", "false"])),
        (LanguageModelKeys.targetFirstToken, .duration(0.01...3600, "must be between 10ms and 1h")),
        (LanguageModelKeys.targetCache, .number(10...100, "must be a percentage between 10 and 100")),
        (LanguageModelKeys.targetRunning, .atLeast(0.01, "must be a number of at least 0.01")),
    ]

    func check() -> [Status.Cause] {
        let own = Self.rules.flatMap { name, rule in
            AutoscalingKeys.spellings(of: name).compactMap { problem($0, rule) }
        }
        return own + metric() + Self.others.compactMap { problem($0.key, $0.rule) } + bounds()
    }

    private func problem(_ key: String, _ rule: SettingRule) -> Status.Cause? {
        annotations[key].flatMap { rule.problem($0, at: path.key(key)) }
    }

    /// Which metrics there are depends on who scales: the class hpa takes any, as the name of a metric of the pods.
    private func metric() -> [Status.Cause] {
        guard let metric = annotations[AutoscalingKeys.metric] else { return [] }
        let field = path.key(AutoscalingKeys.metric)
        guard annotations[AutoscalingKeys.scalingClass] != AutoscalingKeys.hpa else {
            return metric.isEmpty ? [.required(field, "say cpu, memory or the name of a metric")] : []
        }
        return [SettingRule.word(["concurrency", "rps"]).problem(metric, at: field)].compactMap(\.self)
    }

    /// min-scale <= activation-scale <= max-scale.
    private func bounds() -> [Status.Cause] {
        let settings = AutoscalingKeys.settings(annotations)
        func number(_ name: String) -> Int? { settings[name].flatMap { Int($0) } }
        func field(_ name: String) -> FieldPath {
            path.key(AutoscalingKeys.spellings(of: name).first { annotations[$0] != nil } ?? name)
        }
        let least = number("min-scale") ?? 0
        let most = number("max-scale").flatMap { $0 > 0 ? $0 : nil } ?? Int.max
        var causes: [Status.Cause] = []
        if least > most {
            let why = "must not be greater than max-scale, which is \(most)"
            causes.append(.invalid(field("min-scale"), "\(least)".quoted, why))
        }
        if let scale = number("activation-scale"), scale < least || scale > most {
            let why = "must be between min-scale and max-scale"
            causes.append(.invalid(field("activation-scale"), "\(scale)".quoted, why))
        }
        return causes
    }
}
