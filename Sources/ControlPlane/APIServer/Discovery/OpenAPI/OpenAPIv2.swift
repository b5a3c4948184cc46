import JSONModel
import KubeModel

/// The OpenAPI 2.0 document of everything, for kubectl before 1.27 and for generators. That version cannot say all that
/// the schemas do; what it cannot say is left open, so that kubectl never refuses what the server takes.
struct OpenAPIv2: Sendable {
    let definitions: [ResourceDefinition]

    var document: JSONValue {
        var schemas = OpenAPISchemas(place: "#/definitions/", wrapsReferences: false)
        schemas.addCommon()
        var paths = JSONObject()
        for definition in definitions {
            schemas.add(definition)
            for operation in APIOperation.all(of: definition) {
                var item = paths[operation.path] ?? item(operation)
                item[operation.method] = json(operation, definition, schemas)
                paths[operation.path] = item
            }
        }
        let relaxed = schemas.json.map { ($0.key, Self.relaxed($0.value)) }
        return [
            "swagger": "2.0", "info": OpenAPI.info, "paths": .object(paths),
            "definitions": .object(JSONObject(relaxed)),
        ]
    }

    private func item(_ operation: APIOperation) -> JSONValue {
        let parameters = operation.pathParameters
        guard !parameters.isEmpty else { return [:] }
        return [
            "parameters": .array(
                parameters.map { ["name": .string($0), "in": "path", "required": true, "type": "string"] })
        ]
    }

    /// kubectl looks at `patch` to see whether the server knows dry runs and field validation.
    private func json(_ operation: APIOperation, _ definition: ResourceDefinition, _ schemas: OpenAPISchemas)
        -> JSONValue
    {
        var parameters: [JSONValue] = operation.parameters.map {
            ["name": .string($0), "in": "query", "type": APIOperation.type(ofParameter: $0), "uniqueItems": true]
        }
        if let body = body(operation, definition) {
            parameters.append([
                "name": "body", "in": "body", "required": .bool(operation.body != .deleteOptions),
                "schema": schemas.reference(body),
            ])
        }
        let types = operation.body == .patch ? OpenAPI.patchTypes(definition) : ["application/json"]
        return [
            "operationId": .string(operation.id), "x-kubernetes-action": .string(operation.action),
            "x-kubernetes-group-version-kind": definition.resource.gvkExtension,
            "consumes": .array(types.map { .string($0) }), "produces": ["application/json"],
            "parameters": .array(parameters),
            "responses": [
                "200": ["description": "OK", "schema": schemas.reference(operation.answerSchema(definition))]
            ],
        ]
    }

    private func body(_ operation: APIOperation, _ definition: ResourceDefinition) -> String? {
        switch operation.body {
        case .none: nil
        case .object: definition.schemaName
        case .patch: OpenAPISchemas.patch
        case .deleteOptions: OpenAPISchemas.deleteOptions
        }
    }

    static func relaxed(_ schema: JSONValue) -> JSONValue {
        guard case .object(var json) = schema else { return schema }
        for key in ["nullable", "allOf", "anyOf", "oneOf", "not"] { json[key] = nil }
        if json.removeValue(forKey: "x-kubernetes-int-or-string") != nil {
            json["type"] = "string"
            json["format"] = "int-or-string"
            json["default"] = nil
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
