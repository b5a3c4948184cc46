import JSONModel
import KubeModel

/// What must hold for the fields that every component has: scaling, limits and shares of traffic.
struct ComponentValidation {
    let component: JSONValue
    let path: FieldPath

    func check() -> [Status.Cause] {
        ranges() + replicas() + metric() + AutoscalingAnnotations(annotations, path.field("annotations")).check()
    }

    private var annotations: [String: String] {
        (component["annotations"]?.objectValue ?? [:]).reduce(into: [:]) { $0[$1.key] = $1.value.stringValue }
    }

    private func ranges() -> [Status.Cause] {
        let ranges: [(String, ClosedRange<Int>, String)] = [
            ("minReplicas", 0...Int.max, "must be 0 (scale to zero) or more"),
            ("maxReplicas", 0...Int.max, "must be 0 (no bound) or more"),
            ("containerConcurrency", 0...1000, "must be between 0 (no limit) and 1000"),
            ("timeout", 0...Int.max, "must be 0 (no limit) or more seconds"),
            ("canaryTrafficPercent", 0...100, "must be a percentage between 0 and 100"),
        ]
        return ranges.compactMap { field, range, why in
            guard let value = component[field]?.intValue, !range.contains(value) else { return nil }
            return .invalid(path.field(field), "\(value)", why)
        }
    }

    private func replicas() -> [Status.Cause] {
        let least = component["minReplicas"]?.intValue ?? 1
        guard let most = component["maxReplicas"]?.intValue, most > 0, least > most else { return [] }
        let isGiven = component["minReplicas"] != nil
        return [
            .invalid(
                path.field("minReplicas"), "\(least)\(isGiven ? "" : " (the default)")",
                "must not be greater than maxReplicas, which is \(most)")
        ]
    }

    private func metric() -> [Status.Cause] {
        var causes: [Status.Cause] = []
        let metric = component["scaleMetric"]?.stringValue ?? "concurrency"
        if ["cpu", "memory"].contains(metric) {
            causes.append(
                .notSupported(path.field("scaleMetric"), metric.quoted, supported: ["concurrency", "rps"]))
        }
        if let target = component["scaleTarget"]?.intValue, target < 1 {
            causes.append(.invalid(path.field("scaleTarget"), "\(target)", "must be at least 1"))
        }
        return causes
    }
}
