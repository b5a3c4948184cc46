import JSONModel
import KubeModel

/// What an InferenceService in Standard mode cannot have: what other implementations accept there and ignore.
enum StandardValidation {
    static func check(_ service: Object) -> [Status.Cause] {
        guard DeploymentMode(service) == .standard else { return [] }
        return canaryPercent(service) + scaler(service) + named(service)
    }

    private static func canaryPercent(_ service: Object) -> [Status.Cause] {
        guard service.spec[path: "predictor", "canaryTrafficPercent"] != nil else { return [] }
        return [
            .forbidden(
                FieldPath("spec", "predictor", "canaryTrafficPercent"),
                "is for Knative mode; in Standard mode give a predictor in spec.canary")
        ]
    }

    private static func scaler(_ service: Object) -> [Status.Cause] {
        guard service.annotations[ServingKeys.autoscalerClass] == "keda" else { return [] }
        return [
            .forbidden(
                FieldPath("metadata", "annotations").key(ServingKeys.autoscalerClass),
                "keda is not there yet; use hpa (minReplicas 0 scales to zero), none or external")
        ]
    }

    /// As for canaries: the Deployment's name is the value of a label.
    private static func named(_ service: Object) -> [Status.Cause] {
        guard let name = service.spec[path: "predictor", "name"]?.nonEmptyString else { return [] }
        let most = 63 - "isvc.--predictor".utf8.count - service.name.utf8.count
        guard name.utf8.count > most else { return [] }
        return [
            .invalid(
                FieldPath("spec", "predictor", "name"), name.quoted,
                "must have at most \(most) characters: its Deployment is named after it and the service")
        ]
    }
}
