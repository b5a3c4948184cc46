import KubeModel

/// The annotations that tune a revision: `autoscaling.knative.dev/...` and the deadlines of `serving.knative.dev/...`,
/// with the ranges that Knative gives them.
struct AutoscalingAnnotations {
    let annotations: [String: String]
    let path: FieldPath

    init(_ annotations: [String: String], _ path: FieldPath) {
        self.annotations = annotations
        self.path = path
    }

    private enum Rule {
        case integer(ClosedRange<Int>, String)
        case number(ClosedRange<Double>, String)
        /// Whole seconds.
        case duration(ClosedRange<Double>, String)
        case word([String])
    }

    private static let rules: [(names: [String], rule: Rule)] = [
        (["class"], .word([AutoscalingKeys.kpa])),
        (["metric"], .word(["concurrency", "rps"])),
        (["metric-aggregation-algorithm", "metricAggregationAlgorithm"], .word(["linear", "weighted-exponential"])),
        (["target"], .number(0.01...Double.infinity, "must be a number of at least 0.01")),
        (["min-scale", "minScale"], .integer(0...Int.max, "must be a whole number of at least 0")),
        (["max-scale", "maxScale"], .integer(0...Int.max, "must be 0 (no bound) or a larger whole number")),
        (["initial-scale", "initialScale"], .integer(0...Int.max, "must be a whole number of at least 0")),
        (["activation-scale", "activationScale"], .integer(2...Int.max, "must be a whole number of at least 2")),
        (["scale-down-delay", "scaleDownDelay"], .duration(0...3600, "must be between 0s and 1h")),
        (["window"], .duration(6...3600, "must be between 6s and 1h")),
        (
            ["scale-to-zero-pod-retention-period", "scaleToZeroPodRetentionPeriod"],
            .duration(0...3600, "must be between 0s and 1h")
        ),
        (
            ["target-utilization-percentage", "targetUtilizationPercentage"],
            .number(1...100, "must be a number between 1 and 100")
        ),
        (
            ["target-burst-capacity", "targetBurstCapacity"],
            .number(-1...Double.infinity, "must be -1 (no bound) or a number of at least 0")
        ),
        (["panic-window-percentage", "panicWindowPercentage"], .number(1...100, "must be a number between 1 and 100")),
        (
            ["panic-threshold-percentage", "panicThresholdPercentage"],
            .number(110...1000, "must be a number between 110 and 1000")
        ),
    ]

    func check() -> [Status.Cause] {
        let own = Self.rules.flatMap { names, rule in
            names.compactMap { problem(AutoscalingKeys.prefix + $0, rule) }
        }
        return own
            + [
                problem(ServingKeys.progressDeadline, .duration(1...Double.infinity, "must be at least 1s")),
                problem(ServingKeys.rolloutDuration, .duration(0...Double.infinity, "must not be negative")),
            ].compactMap { $0 } + bounds()
    }

    private func problem(_ key: String, _ rule: Rule) -> Status.Cause? {
        guard let value = annotations[key] else { return nil }
        let field = path.key(key)
        switch rule {
        case .word(let words):
            return words.contains(value) ? nil : .notSupported(field, value.quoted, supported: words)
        case .integer(let range, let why):
            return Int(value).map(range.contains) ?? false ? nil : .invalid(field, value.quoted, why)
        case .number(let range, let why):
            // Between -1 and 0 there is nothing: -1 is a word.
            let number = Double(value).flatMap { $0 < 0 && $0 != -1 ? nil : $0 }
            return number.map(range.contains) ?? false ? nil : .invalid(field, value.quoted, why)
        case .duration(let range, let why):
            let seconds = GoDuration.seconds(value)
            let fits = seconds.map { range.contains($0) && $0.rounded() == $0 } ?? false
            return fits ? nil : .invalid(field, value.quoted, "\(why), in whole seconds, as in 60s or 1m30s")
        }
    }

    /// min-scale <= activation-scale <= max-scale.
    private func bounds() -> [Status.Cause] {
        func number(_ key: String) -> Int? { annotations[key].flatMap { Int($0) } }
        let least = number(AutoscalingKeys.minScale) ?? 0
        let most = number(AutoscalingKeys.maxScale).flatMap { $0 > 0 ? $0 : nil } ?? Int.max
        var causes: [Status.Cause] = []
        if least > most {
            let why = "must not be greater than max-scale, which is \(most)"
            causes.append(.invalid(path.key(AutoscalingKeys.minScale), "\(least)".quoted, why))
        }
        if let scale = number(AutoscalingKeys.activationScale), scale < least || scale > most {
            let why = "must be between min-scale and max-scale"
            causes.append(.invalid(path.key(AutoscalingKeys.activationScale), "\(scale)".quoted, why))
        }
        return causes
    }
}
