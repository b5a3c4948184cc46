import JSONModel
import KubeModel
import Testing
import YAMLModel

@testable import ServingAPI

/// What the API server makes of a manifest: pruned, defaulted and checked, in the server's order.
struct Admitted {
    var object: Object
    var dropped: [String]
    var causes: [Status.Cause]
    var warnings: [String]

    init(_ yaml: String, replacing old: Object? = nil) throws {
        try self.init(Object(JSONValue(yaml: yaml)), replacing: old)
    }

    init(_ object: Object, replacing old: Object? = nil) throws {
        let definition = try #require(
            ServingKinds.definitions.first { $0.resource.gvk == object.gvk }, "no definition of \(object.gvk)")
        self.object = object
        if definition.resource.isNamespaced, object.namespace == nil { self.object.namespace = "default" }
        dropped = definition.schema.prune(&self.object.json)
        definition.schema.applyDefaults(&self.object.json, isBuiltIn: definition.takesStrategicMerge)
        definition.defaulting(&self.object, old)
        causes = definition.schema.validate(self.object.json) + definition.validation(self.object, old)
        warnings = definition.warnings(self.object, old)
    }

    /// `field: message`, one for each cause.
    var problems: [String] { causes.map { "\($0.field): \($0.message)" } }

    /// `field reason`, one for each cause.
    var reasons: [String] { causes.map { "\($0.field) \($0.reason.replacing("FieldValue", with: ""))" } }

    /// The fields that something is wrong with.
    var fields: [String] { problems.map { String($0.prefix { $0 != ":" }) } }
}

/// An InferenceService with this indented text as its `spec.predictor`.
func inferenceService(_ predictor: String, annotations: [String: String] = [:]) -> String {
    let lines = predictor.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    let metadata = annotations.map { "    \($0): '\($1)'\n" }.sorted().joined()
    return """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata:
          name: iris
          namespace: default
        \(metadata.isEmpty ? "" : "  annotations:\n\(metadata)")
        spec:
          predictor:
        \(lines)
        """
}
