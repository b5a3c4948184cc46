import JSONModel
import KubeModel

/// What must hold for `spec.canary`: further predictors, each with a name and a fixed number of replicas.
enum CanaryValidation {
    static func check(_ service: Object) -> [Status.Cause] {
        let canaries = service.spec["canary"]?.arrayValue ?? []
        guard !canaries.isEmpty else { return [] }
        let path = FieldPath("spec", "canary")
        let stable = service.spec["predictor"] ?? .null
        return mode(service, path) + model(stable, path)
            + names(canaries, stable, path) + length(canaries, service, path)
            + sum(canaries, path)
            + canaries.enumerated().flatMap { check($1, stable, service, path.index($0)) }
    }

    private static func mode(_ service: Object, _ path: FieldPath) -> [Status.Cause] {
        guard DeploymentMode(service) != .standard else { return [] }
        return [.forbidden(path, "canaries are for Standard mode; in Knative mode use predictor.canaryTrafficPercent")]
    }

    private static func model(_ stable: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        guard stable["model"]?.objectValue == nil else { return [] }
        return [.forbidden(path, "a canary stands beside a predictor with a model; give spec.predictor.model")]
    }

    private static func names(_ canaries: [JSONValue], _ stable: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        var seen: Set<String> = []
        return canaries.enumerated().compactMap { index, canary in
            let field = path.index(index).field("predictor").field("name")
            guard let name = canary[path: "predictor", "name"]?.nonEmptyString else {
                return .required(field, "canaries are told apart by their names")
            }
            if stable["name"]?.stringValue == name {
                return .invalid(field, name.quoted, "is the name of spec.predictor; choose another one")
            }
            return seen.insert(name).inserted ? nil : .duplicate(field, name.quoted)
        }
    }

    /// The Deployment's name is the value of a label, behind `isvc.`.
    private static func length(_ canaries: [JSONValue], _ service: Object, _ path: FieldPath) -> [Status.Cause] {
        let most = 63 - "isvc.--predictor".utf8.count - service.name.utf8.count
        return canaries.enumerated().compactMap { index, canary in
            guard let name = canary[path: "predictor", "name"]?.stringValue, name.utf8.count > most else { return nil }
            return .invalid(
                path.index(index).field("predictor").field("name"), name.quoted,
                "must have at most \(most) characters: its Deployment is named after it and the service")
        }
    }

    private static func sum(_ canaries: [JSONValue], _ path: FieldPath) -> [Status.Cause] {
        let sum = canaries.reduce(0) { $0 + ($1["trafficPercent"]?.intValue ?? 0) }
        guard sum > 100 else { return [] }
        return [.invalid(path, "\(sum)", "the percentages of all canaries must not sum to more than 100")]
    }

    private static func check(
        _ canary: JSONValue, _ stable: JSONValue, _ service: Object, _ path: FieldPath
    ) -> [Status.Cause] {
        var causes: [Status.Cause] = []
        if let percent = canary["trafficPercent"]?.intValue, !(0...100).contains(percent) {
            causes.append(.invalid(path.field("trafficPercent"), "\(percent)", "must be a percentage from 0 to 100"))
        }
        let field = path.field("predictor")
        guard let predictor = canary["predictor"], predictor.objectValue != nil else {
            return causes + [.required(field, "say what the canary serves")]
        }
        return causes + PredictorValidation(predictor: predictor, path: field).check()
            + ComponentValidation(component: predictor, path: field, scaler: .other).check()
            + fixed(predictor, stable, field)
    }

    private static func fixed(_ predictor: JSONValue, _ stable: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        var causes = ["workerSpec", "scaleTarget", "scaleMetric", "autoScaling"].filter { predictor[$0] != nil }.map {
            Status.Cause.forbidden(path.field($0), "a canary has a fixed number of replicas on one node; remove it")
        }
        if predictor["maxReplicas"]?.intValue ?? 0 > 0 {
            causes.append(.forbidden(path.field("maxReplicas"), "a canary has a fixed number of replicas; remove it"))
        }
        let most = stable["minReplicas"]?.intValue ?? 1
        if let least = predictor["minReplicas"]?.intValue, least > most {
            let why = "must not be greater than minReplicas of spec.predictor, which is \(most)"
            causes.append(.invalid(path.field("minReplicas"), "\(least)", why))
        }
        return causes
    }
}
