import JSONModel
import KubeModel

/// What must hold for an InferenceService, beyond its schema.
enum InferenceServiceValidation {
    @Sendable static func check(_ service: Object, _ old: Object?) -> [Status.Cause] {
        let annotations = service.annotations
        let path = FieldPath("metadata", "annotations")
        return (old == nil ? name(service) : []) + KnativeValidation.visibility(service)
            + deploymentMode(annotations, path)
            + stableMode(annotations, old, path) + autoscalerClass(annotations, path)
            + AutoscalingAnnotations(annotations, path).check() + MartletAnnotations.check(annotations, path)
            + ShadowRule.check(annotations, path) + authorization(annotations, path)
            + NotYet.check(service) + predictor(service, old)
            + SideComponentValidation.check(service) + CanaryValidation.check(service)
            + StandardValidation.check(service)
    }

    /// The names of what is made from it must fit into 63 characters: they are labels of DNS and of Kubernetes.
    private static func name(_ service: Object) -> [Status.Cause] {
        let field = FieldPath("metadata", "name")
        guard !service.name.isEmpty else { return [] }
        if let problem = NameRule.dns1035Label.problem(service.name) {
            return [.invalid(field, service.name.quoted, problem)]
        }
        let roles = ComponentRole.allCases.filter { $0 == .predictor || service.spec[$0.rawValue]?.objectValue != nil }
        let most = 63 - (roles.map { "-\($0.rawValue)-00001".utf8.count }.max() ?? 0)
        let length = service.name.utf8.count
        if length > most {
            let why = "must have at most \(most) characters, has \(length): its revisions are named after it"
            return [.invalid(field, service.name.quoted, why)]
        }
        let host = length + 1 + (service.namespace ?? "").utf8.count
        guard host > 63 else { return [] }
        let why =
            "must have at most 62 characters together with its namespace, has \(host - 1): both make its host name"
        return [.invalid(field, service.name.quoted, why)]
    }

    /// A word that is neither would be taken for protection by some and for none by others.
    private static func authorization(_ annotations: [String: String], _ path: FieldPath) -> [Status.Cause] {
        [ServingKeys.enableAuth, ServingKeys.oldEnableAuth].compactMap { key in
            guard let value = annotations[key], !["true", "false"].contains(value.lowercased()) else { return nil }
            return .notSupported(path.key(key), value.quoted, supported: ["true", "false"])
        }
    }

    private static func deploymentMode(_ annotations: [String: String], _ path: FieldPath) -> [Status.Cause] {
        let field = path.key(ServingKeys.deploymentMode)
        return switch annotations[ServingKeys.deploymentMode] {
        case nil, "Knative", "Standard": []
        case "ModelMesh"?:
            [.forbidden(field, "ModelMesh is not there; remove the annotation or set it to Knative or Standard")]
        case let other?: [.notSupported(field, other.quoted, supported: ["Knative", "Standard"])]
        }
    }

    /// What runs in one mode cannot be turned into another.
    private static func stableMode(
        _ annotations: [String: String], _ old: Object?, _ path: FieldPath
    ) -> [Status.Cause] {
        guard let mode = annotations[ServingKeys.deploymentMode],
            let before = old?.status["deploymentMode"]?.nonEmptyString, before != mode
        else { return [] }
        return [
            .invalid(
                path.key(ServingKeys.deploymentMode), mode.quoted,
                "cannot be changed (it is \(before.quoted)); delete the service and make a new one")
        ]
    }

    private static func autoscalerClass(_ annotations: [String: String], _ path: FieldPath) -> [Status.Cause] {
        let classes = ["hpa", "external", "keda", "none"]
        guard let given = annotations[ServingKeys.autoscalerClass], !classes.contains(given) else { return [] }
        return [.notSupported(path.key(ServingKeys.autoscalerClass), given.quoted, supported: classes)]
    }

    private static func predictor(_ service: Object, _ old: Object?) -> [Status.Cause] {
        guard let predictor = service.spec["predictor"], predictor.objectValue != nil else { return [] }
        let path = FieldPath("spec", "predictor")
        return PredictorValidation(predictor: predictor, path: path).check()
            + ComponentValidation(component: predictor, path: path, scaler: Scaler(service.annotations)).check()
            + WorkerValidation.check(predictor, service.annotations, path)
            + stableName(predictor, old?.spec["predictor"], path)
    }

    /// A predictor's name tells versions of a model apart.
    private static func stableName(_ predictor: JSONValue, _ old: JSONValue?, _ path: FieldPath) -> [Status.Cause] {
        guard let old, let name = predictor["name"]?.stringValue, let before = old["name"]?.stringValue,
            name != before, old["model"] == predictor["model"]
        else { return [] }
        return [
            .invalid(
                path.field("name"), name.quoted,
                "may change (from \(before.quoted)) only together with the model, such as model.storageUri")
        ]
    }
}
