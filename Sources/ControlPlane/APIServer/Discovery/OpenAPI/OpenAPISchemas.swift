import JSONModel
import KubeModel
import ServingAPI

/// The schemas of one document: of kinds, of their lists, and of the types that they share, each written once.
struct OpenAPISchemas {
    /// Where documents of this version keep schemas: `#/components/schemas/` or `#/definitions/`.
    let place: String
    /// Whether a reference may have a description beside it only inside of `allOf` (OpenAPI 3).
    let wrapsReferences: Bool
    private(set) var json = JSONObject()
    private var pending: [String: Schema] = [:]

    init(place: String, wrapsReferences: Bool) {
        self.place = place
        self.wrapsReferences = wrapsReferences
    }

    func reference(_ name: String) -> JSONValue { ["$ref": .string(place + name)] }

    /// Adds a kind and the kind of its lists, and all that they are made of.
    mutating func add(_ definition: ResourceDefinition) {
        let resource = definition.resource
        var kind = write(definition.schema.asResource)
        kind["x-kubernetes-group-version-kind"] = [resource.gvkExtension]
        json[definition.schemaName] = kind
        json[definition.listSchemaName] = list(definition)
        finish()
    }

    /// Adds what answers and bodies of many operations are.
    mutating func addCommon() {
        json[Self.status] = write(.operationStatus)
        json[Self.deleteOptions] = write(.deleteOptions)
        json[Self.patch] = [
            "description": "A change of an object, in the form that its media type says.", "type": "object",
        ]
        finish()
    }

    static let status = "io.k8s.apimachinery.pkg.apis.meta.v1.Status"
    static let deleteOptions = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"
    static let patch = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch"
    private static let listMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"

    private mutating func list(_ definition: ResourceDefinition) -> JSONValue {
        pending[Self.listMeta] = .listMeta
        return [
            "description": "\(definition.resource.kind)List is a list of \(definition.resource.kind)",
            "type": "object", "required": ["items"],
            "properties": [
                "apiVersion": ["type": "string"], "kind": ["type": "string"],
                "metadata": referring(to: Self.listMeta, description: "The list's own metadata."),
                "items": ["type": "array", "items": reference(definition.schemaName)],
            ],
            "x-kubernetes-group-version-kind": [definition.resource.listGVKExtension],
        ]
    }

    private mutating func write(_ schema: Schema) -> JSONValue {
        var found: [String: Schema] = [:]
        let place = (self.place, wrapsReferences)
        let json = schema.openAPI { part in
            guard !part.typeName.isEmpty else { return nil }
            found[part.typeName] = part
            return Self.referring(place, to: part.typeName, part)
        }
        for (name, part) in found where self.json[name] == nil { pending[name] = part }
        return json
    }

    private mutating func finish() {
        while let (name, schema) = pending.first {
            pending[name] = nil
            guard json[name] == nil else { continue }
            // The type's own words; what is said where it is used stands there.
            json[name] = [:]
            json[name] = write(
                (ServingKinds.type(named: name) ?? schema).with {
                    $0.defaultValue = nil
                    $0.isNullable = false
                })
        }
    }

    private func referring(to name: String, description: String) -> JSONValue {
        Self.referring((place, wrapsReferences), to: name, Schema(.object).described(description))
    }

    private static func referring(_ place: (String, wraps: Bool), to name: String, _ schema: Schema) -> JSONValue {
        var json: JSONValue = ["$ref": .string(place.0 + name)]
        guard place.wraps else {
            if !schema.description.isEmpty { json["description"] = .string(schema.description) }
            return json
        }
        json = ["allOf": [json]]
        if !schema.description.isEmpty { json["description"] = .string(schema.description) }
        if let value = schema.defaultValue { json["default"] = value }
        if schema.isNullable { json["nullable"] = true }
        return json
    }
}

extension ResourceDefinition {
    /// The name of the kind's schema.
    var schemaName: String {
        let name = schema.typeName
        return name.isEmpty ? resource.schemaName : name
    }

    var listSchemaName: String { schemaName + "List" }
}

extension Resource {
    var listGVKExtension: JSONValue {
        ["group": .string(group), "version": .string(version), "kind": "\(kind)List"]
    }
}

extension Schema {
    /// meta/v1 ListMeta.
    fileprivate static let listMeta = Schema.object([
        "continue": .string.described("Where the next part of the list begins; empty for the last."),
        "remainingItemCount": .integer.described("How many objects the list left out."),
        "resourceVersion": .string.described("Watch from here to miss nothing."), "selfLink": .string,
    ]).described("Metadata of a list.")

    /// meta/v1 Status.
    fileprivate static let operationStatus = Schema.object([
        "apiVersion": .string, "kind": .string, "metadata": listMeta, "code": .integer, "message": .string,
        "reason": .string, "status": .string, "details": .anyObject,
    ]).described("What came of a call that answers with no object.")

    /// meta/v1 DeleteOptions.
    fileprivate static let deleteOptions = Schema.object([
        "apiVersion": .string, "kind": .string, "dryRun": .list(of: .string), "gracePeriodSeconds": .integer,
        "orphanDependents": .boolean, "propagationPolicy": .string,
        "preconditions": .object(["resourceVersion": .string, "uid": .string]),
    ]).described("How an object is deleted.")
}
