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

    private static let fields = [
        Field("transformer", remedy: "do its work in the predictor or in the client"),
        Field("explainer", remedy: "remove it"),
        Field("predictor", "workerSpec", remedy: "serve a model that fits on one machine"),
        Field("predictor", "logger", remedy: "remove it"),
        Field("predictor", "batcher", remedy: "use a runtime that batches by itself"),
        Field("predictor", "autoScaling", isStandard: true, remedy: "use scaleMetric and scaleTarget"),
        Field("predictor", "storageContainerName", remedy: "remove it"),
        Field(
            "predictor", "deploymentStrategy", isStandard: true,
            remedy: "remove it: revisions roll out by shares of traffic"),
        Field("predictor", "model", "confidential", remedy: "remove it"),
    ]

    static func check(_ service: Object) -> [Status.Cause] {
        let isStandard = DeploymentMode(service) == .standard
        return fields.filter { !(isStandard && $0.isStandard) }.compactMap { field in
            let path = field.keys.reduce(FieldPath("spec")) { $0.field($1) }
            guard let value = service.spec[field.keys.map { .key($0) }], !value.isNull else { return nil }
            return .forbidden(path, "is not there yet; \(field.remedy)")
        }
    }
}
