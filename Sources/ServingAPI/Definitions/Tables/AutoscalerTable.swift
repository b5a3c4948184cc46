import JSONModel
import KubeModel

/// `kubectl get horizontalpodautoscalers`.
enum AutoscalerTable {
    static let columns: [ResourceDefinition.PrinterColumn] = [
        .name, .computed("Reference"), .computed("Targets"), .computed("MinPods"), .computed("MaxPods"),
        .computed("Replicas"), .computedAge,
    ]

    @Sendable static func cells(_ scaler: Object, _ now: Int64) -> [JSONValue] {
        let target = scaler.spec["scaleTargetRef"]
        let reference = "\(target?["kind"]?.stringValue ?? "")/\(target?["name"]?.stringValue ?? "")"
        return [
            .string(scaler.name), .string(reference), .string(targets(scaler)),
            .string(scaler.spec["minReplicas"]?.text ?? "<unset>"), scaler.spec["maxReplicas"] ?? 0,
            scaler.status["currentReplicas"] ?? 0, .string(scaler.age(now)),
        ]
    }

    /// `cpu: 12%/80%`: what is, and what is to be.
    private static func targets(_ scaler: Object) -> String {
        let current = scaler.status["currentMetrics"]?.arrayValue ?? []
        let texts = (scaler.spec["metrics"]?.arrayValue ?? []).enumerated().map { index, metric in
            let kind = metric["type"]?.stringValue ?? ""
            let key = kind.prefix(1).lowercased() + kind.dropFirst()
            let source = metric[key]
            let name = source?["name"]?.stringValue ?? source?[path: "metric", "name"]?.stringValue ?? kind
            let value = current.count > index ? amount(current[index][key]?["current"]) : nil
            return "\(name): \(value ?? "<unknown>")/\(amount(source?["target"]) ?? "<auto>")"
        }
        return Cell.orNone(texts.joined(separator: ", "))
    }

    private static func amount(_ value: JSONValue?) -> String? {
        if let percent = value?["averageUtilization"]?.intValue { return "\(percent)%" }
        if let average = value?["averageValue"] { return "\(average.stringValue ?? average.text) (avg)" }
        return value?["value"].map { $0.stringValue ?? $0.text }
    }
}
