import JSONModel
import KubeModel

/// What must hold for the fields that every component has: scaling, limits and shares of traffic.
struct ComponentValidation {
    let component: JSONValue
    let path: FieldPath
    let scaler: Scaler

    func check() -> [Status.Cause] {
        ranges() + replicas() + ScalingValidation(component: component, path: path, scaler: scaler).check() + logger()
            + AutoscalingAnnotations(annotations, path.field("annotations")).check()
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

    /// A store needs to be named in full.
    private func logger() -> [Status.Cause] {
        guard let storage = component[path: "logger", "storage"], storage.objectValue != nil else { return [] }
        return ["path", "key", "parameters"].filter { storage[$0] == nil || storage[$0] == "" }.map {
            .required(path.field("logger").field("storage").field($0), "a store is named by path, key and parameters")
        }
    }
}
