import KubeModel

/// What a person can do about a condition that is not well.
package enum Remedy {
    package static func text(for cause: Explanation.Cause, service: String) -> String? {
        switch cause.condition.reason {
        case "Unschedulable":
            "make room: stop or delete another model, request less memory, or raise `martlet up --memory-limit`"
        case "HandOverFailed": "mend the model's specification; the revision before it serves until then"
        case "ModelLoadFailed": "look at spec.predictor.model.storageUri; the message says what was wrong with it"
        case "CrashLoopBackOff", "Error", "StartError", "OOMKilled":
            "see what it wrote: martlet logs \(service) --previous"
        case "ProgressDeadlineExceeded":
            "see what it does: martlet logs \(service); where it only needs longer, set \(ServingKeys.progressDeadline)"
        case "Stopped": "remove the annotation \(ServingKeys.stop)"
        case "ContainersNotReady", "ContainersNotInitialized", "PodInitializing", "ContainerCreating":
            "wait: martlet wait isvc/\(service) shows how far it is"
        case let reason? where reason.hasPrefix("ExitCode"): "see what it wrote: martlet logs \(service) --previous"
        default: cause.condition.isFalse ? "martlet describe \(cause.kind.lowercased()) \(cause.name)" : nil
        }
    }
}
