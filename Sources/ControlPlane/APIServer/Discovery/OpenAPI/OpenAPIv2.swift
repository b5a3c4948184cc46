import JSONModel
import KubeModel

/// The OpenAPI 2.0 document of everything, for kubectl before 1.27. That version cannot say all that the schemas do; what
/// it cannot say is left open, so that kubectl never refuses what the server takes.
struct OpenAPIv2: Sendable {
    let definitions: [ResourceDefinition]

    var document: JSONValue {
        var paths: JSONValue = [:]
        var schemas: JSONValue = [:]
        for definition in definitions {
            let resource = definition.resource
            paths[resource.pathTemplates.object] = ["patch": patch(resource)]
            var schema = Self.relaxed(definition.schema.asResource.openAPI)
            schema["x-kubernetes-group-version-kind"] = [resource.gvkExtension]
            schemas[resource.schemaName] = schema
        }
        return [
            "swagger": "2.0", "info": ["title": "Kubernetes", "version": "v1.31.0+martlet"], "paths": paths,
            "definitions": schemas,
        ]
    }

    /// kubectl looks here whether the server knows dry runs and field validation.
    private func patch(_ resource: Resource) -> JSONValue {
        [
            "x-kubernetes-action": "patch", "x-kubernetes-group-version-kind": resource.gvkExtension,
            "responses": ["200": ["description": "OK"]],
            "parameters": .array(
                ["dryRun", "fieldManager", "fieldValidation"].map {
                    ["name": $0, "in": "query", "type": "string", "uniqueItems": true]
                }),
        ]
    }

    static func relaxed(_ schema: JSONValue) -> JSONValue {
        guard case .object(var json) = schema else { return schema }
        json["nullable"] = nil
        json["anyOf"] = nil
        if json.removeValue(forKey: "x-kubernetes-int-or-string") != nil {
            json["type"] = "string"
            json["format"] = "int-or-string"
        }
        let isOpen = json["x-kubernetes-preserve-unknown-fields"] != nil
        if isOpen || json["type"] == "array" && json["items"] == nil {
            for key in ["type", "properties", "items", "required", "additionalProperties"] { json[key] = nil }
        }
        if let properties = json["properties"]?.objectValue {
            json["properties"] = .object(JSONObject(properties.map { ($0.key, relaxed($0.value)) }))
        }
        for key in ["items", "additionalProperties"] { json[key] = json[key].map(relaxed) }
        return .object(json)
    }
}
