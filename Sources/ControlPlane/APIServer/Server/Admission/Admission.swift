import JSONModel
import KubeClient
import KubeModel

/// What happens to an object between its arrival and its being stored: it is pruned, defaulted and checked.
struct Admission {
    /// What happens to fields that the schema does not know; they are never stored.
    enum FieldValidation: String {
        case ignore = "Ignore"
        case warn = "Warn"
        case strict = "Strict"
    }

    let definition: ResourceDefinition
    let fieldValidation: FieldValidation
    /// Whether the object was made by a patch: then it is the patch that is wrong about unknown fields.
    let isPatched: Bool

    init(_ request: WriteRequest) throws(Status) {
        definition = request.definition
        isPatched = request.isPatch && !request.isApplied
        guard let name = request.options.fieldValidation, !name.isEmpty else {
            self.fieldValidation = .warn
            return
        }
        guard let validation = FieldValidation(rawValue: name) else {
            throw .badRequest("fieldValidation must be Ignore, Warn or Strict; it is \"\(name)\"")
        }
        self.fieldValidation = validation
    }

    /// Prunes `object` and fills in its defaults, and answers with the warnings about it.
    ///
    /// - Parameter onlyStatus: whether a write of the status alone is admitted, in which nothing else can be wrong.
    func complete(_ object: inout Object, old: Object?, onlyStatus: Bool = false) throws(Status) -> [String] {
        let warnings = try prune(&object)
        definition.schema.applyDefaults(&object.json, isBuiltIn: definition.takesStrategicMerge)
        if !onlyStatus { definition.defaulting(&object, old) }
        return onlyStatus ? warnings : warnings + definition.warnings(object, old)
    }

    /// Throws one `Invalid` with everything that is wrong with the completed `object`.
    func check(_ object: Object, old: Object?, onlyStatus: Bool = false) throws(Status) {
        var causes = definition.schema.validate(object.json) + definition.validation(object, old)
        if onlyStatus {
            causes.removeAll { !$0.field.hasPrefix("status") }
        } else {
            causes += MetadataRules.causes(object, old: old)
        }
        try checkDecoding(causes)
        guard causes.isEmpty else { throw .invalid(definition.resource.gvk, object.name, causes) }
    }

    /// What Kubernetes' Go types cannot hold is no invalid object to it, but a body that cannot be read: metadata of every
    /// kind, and all of the built-in kinds.
    private func checkDecoding(_ causes: [Status.Cause]) throws(Status) {
        let unreadable = causes.filter {
            $0.reason == "FieldValueTypeInvalid" && (definition.takesStrategicMerge || $0.field.hasPrefix("metadata"))
        }
        guard !unreadable.isEmpty else { return }
        let kind = definition.resource.kind
        let list = unreadable.map { "\($0.field): \($0.message)" }.joined(separator: ", ")
        throw .badRequest(
            "\(kind) in version \"\(definition.resource.version)\" cannot be handled as a \(kind): \(list)")
    }

    /// Drops what the schema does not know, and answers with the warnings about it.
    ///
    /// Throws a 400 instead where unknown fields are errors.
    func prune(_ object: inout Object) throws(Status) -> [String] {
        let unknown = definition.schema.prune(&object.json).map { "unknown field \"\($0)\"" }
        switch fieldValidation {
        case .ignore: return []
        case .warn: return unknown
        case .strict where unknown.isEmpty: return []
        case .strict:
            let kind = definition.resource.kind
            let list = unknown.joined(separator: ", ")
            if isPatched {
                let cause = Status.Cause.invalid(FieldPath("patch"), "{}", "strict decoding error: \(list)")
                throw Status(code: 422, reason: "Invalid", message: "the patch is invalid: \(list)", causes: [cause])
            }
            throw .badRequest(
                "\(kind) in version \"\(definition.resource.version)\" cannot be handled as a \(kind): "
                    + "strict decoding error: \(list)")
        }
    }
}
