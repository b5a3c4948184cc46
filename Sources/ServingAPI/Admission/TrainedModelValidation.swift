import JSONModel
import KubeModel

/// What must hold for a TrainedModel, beyond its schema.
enum TrainedModelValidation {
    @Sendable static func check(_ model: Object, _ old: Object?) -> [Status.Cause] {
        (old == nil ? name(model) : []) + storage(model) + memory(model, old)
    }

    /// Letters, digits, '-' and '_': model servers use it as a path.
    private static func name(_ model: Object) -> [Status.Cause] {
        guard !model.name.utf8.allSatisfy({ $0.isAlphanumeric || "-_".utf8.contains($0) }) else { return [] }
        let why = "must consist of letters, digits, '-' and '_': it is the model's name in addresses"
        return [.invalid(FieldPath("metadata", "name"), model.name.quoted, why)]
    }

    private static func storage(_ model: Object) -> [Status.Cause] {
        let schemes = ["gs://", "s3://", "https://", "http://"]
        guard let uri = model.spec[path: "model", "storageUri"]?.stringValue, !schemes.contains(where: uri.hasPrefix)
        else { return [] }
        let why = "must begin with one of \(schemes.joined(separator: ", "))"
        return [.invalid(FieldPath("spec", "model", "storageUri"), uri.quoted, why)]
    }

    private static func memory(_ model: Object, _ old: Object?) -> [Status.Cause] {
        guard let before = Quantity(old?.spec[path: "model", "memory"]),
            let now = model.spec[path: "model", "memory"], Quantity(now) != before
        else { return [] }
        let why = "cannot be changed: the server was chosen by it; delete the model and make a new one"
        return [.invalid(FieldPath("spec", "model", "memory"), now.text, why)]
    }
}
