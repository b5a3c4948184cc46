import JSONModel
import KubeModel

/// `max-scale-limit` of config-autoscaler: nobody may ask for more replicas, or for any number of them.
enum ScaleLimit {
    /// Of a Knative Service or Configuration: its template's annotation.
    @Sendable static func template(
        _ object: Object, _ old: Object?, _ find: (ObjectKey) -> Object?
    ) -> [Status.Cause] {
        let template = Object(object.spec["template"] ?? [:])
        let before = old.map { Object($0.spec["template"] ?? [:]).annotations }
        return check(
            template.annotations, before, FieldPath("spec", "template", "metadata").field("annotations"), find)
    }

    @Sendable static func inferenceService(
        _ service: Object, _ old: Object?, _ find: (ObjectKey) -> Object?
    ) -> [Status.Cause] {
        let field = FieldPath("spec", "predictor", "maxReplicas")
        let most = service.spec[path: "predictor", "maxReplicas"]?.intValue
        let isNew = most != old?.spec[path: "predictor", "maxReplicas"]?.intValue
        let own = isNew ? problem(most, field, find) : []
        return own
            + check(service.annotations, old?.annotations, FieldPath("metadata").field("annotations"), find)
    }

    /// What was there before the limit stays.
    private static func check(
        _ annotations: [String: String], _ before: [String: String]?, _ path: FieldPath,
        _ find: (ObjectKey) -> Object?
    ) -> [Status.Cause] {
        AutoscalingKeys.spellings(of: "max-scale").flatMap { key -> [Status.Cause] in
            guard let text = annotations[key], text != before?[key] else { return [] }
            return problem(Int(text), path.key(key), find)
        }
    }

    private static func problem(_ most: Int?, _ field: FieldPath, _ find: (ObjectKey) -> Object?) -> [Status.Cause] {
        guard let most, let limit = limit(find), most > limit || most == 0 else { return [] }
        return [
            .invalid(field, "\(most)", "must be between 1 and max-scale-limit of config-autoscaler, which is \(limit)")
        ]
    }

    private static func limit(_ find: (ObjectKey) -> Object?) -> Int? {
        let text = AutoscalerConfigMap.keys.lazy.compactMap(find).first?["data", "max-scale-limit"]?.stringValue
        return text.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
}
