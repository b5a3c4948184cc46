/// What scales an InferenceService, by its annotations.
enum Scaler {
    /// Knative's: by concurrency or requests per second, to zero and back.
    case kpa
    /// Kubernetes': by CPU or memory.
    case hpa
    case keda
    /// Another one, or nobody.
    case other

    /// Standard mode is scaled by the HPA unless it says otherwise; any other mode by Knative's.
    init(_ annotations: [String: String]) {
        guard annotations[ServingKeys.deploymentMode] == "Standard" else {
            self = annotations[AutoscalingKeys.scalingClass] == AutoscalingKeys.hpa ? .hpa : .kpa
            return
        }
        switch annotations[ServingKeys.autoscalerClass] {
        case nil, "hpa": self = .hpa
        case "keda": self = .keda
        default: self = .other
        }
    }
}
