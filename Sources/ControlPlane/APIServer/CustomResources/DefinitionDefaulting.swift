import JSONModel
import KubeModel

/// What is left out of a CustomResourceDefinition.
enum DefinitionDefaulting {
    /// `preserveUnknownFields: false` is how it is anyway.
    static func apply(_ object: inout Object) {
        if object["spec", "preserveUnknownFields"] == false { object["spec", "preserveUnknownFields"] = nil }
    }
}
