import JSONModel
import KubeModel

/// Fields of an InferenceService that this version of Martlet knows but does not serve yet. Refusing them is better than
/// to accept a manifest and ignore half of it.
enum NotYet {
    private struct Field {
        var keys: [String]
        var remedy: String
        /// Whether it is there in Standard mode.
        var isStandard: Bool

        init(_ keys: String..., isStandard: Bool = false, remedy: String) {
            self.keys = keys
            self.isStandard = isStandard
            self.remedy = remedy
        }
    }

    private static let fields =
        [
            Field("explainer", "art", remedy: "give its server as a container: spec.explainer.containers"),
            Field("predictor", "workerSpec", remedy: "serve a model that fits on one machine"),
            Field("predictor", "model", "confidential", remedy: "remove it"),
        ] + ComponentRole.allCases.map(\.rawValue).flatMap(ofComponents)

    private static func ofComponents(_ name: String) -> [Field] {
        [
            Field(name, "logger", remedy: "remove it"),
            Field(name, "batcher", remedy: "use a runtime that batches by itself"),
            Field(name, "autoScaling", isStandard: true, remedy: "use scaleMetric and scaleTarget"),
            Field(name, "storageContainerName", remedy: "remove it"),
            Field(
                name, "deploymentStrategy", isStandard: true,
                remedy: "remove it: revisions roll out by shares of traffic"),
        ]
    }

    static func check(_ service: Object) -> [Status.Cause] {
        let isStandard = DeploymentMode(service) == .standard
        return fields.filter { !(isStandard && $0.isStandard) }.compactMap { field in
            let path = field.keys.reduce(FieldPath("spec")) { $0.field($1) }
            guard let value = service.spec[field.keys.map { .key($0) }], !value.isNull else { return nil }
            return .forbidden(path, "is not there yet; \(field.remedy)")
        }
    }
}
