import JSONModel
import KubeModel

/// The OpenAPI 3.0 document of one group and version: its kinds, and the calls that can be made on them.
struct OpenAPIv3: Sendable {
    /// Of one group and version.
    let definitions: [ResourceDefinition]

    var document: JSONValue {
        var schemas = OpenAPISchemas(place: "#/components/schemas/", wrapsReferences: true)
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
        return [
            "openapi": "3.0.0", "info": OpenAPI.info, "paths": .object(paths),
            "components": ["schemas": .object(schemas.json)],
        ]
    }

    private func item(_ operation: APIOperation) -> JSONValue {
        let parameters = operation.pathParameters
        guard !parameters.isEmpty else { return [:] }
        return [
            "parameters": .array(
                parameters.map {
                    ["name": .string($0), "in": "path", "required": true, "schema": ["type": "string"]]
                })
        ]
    }

    private func json(_ operation: APIOperation, _ definition: ResourceDefinition, _ schemas: OpenAPISchemas)
        -> JSONValue
    {
        var json: JSONValue = [
            "operationId": .string(operation.id), "x-kubernetes-action": .string(operation.action),
            "x-kubernetes-group-version-kind": definition.resource.gvkExtension,
            "parameters": .array(
                operation.parameters.map {
                    [
                        "name": .string($0), "in": "query",
                        "schema": ["type": APIOperation.type(ofParameter: $0), "uniqueItems": true],
                    ]
                }),
            "responses": [
                "200": [
                    "description": "OK",
                    "content": ["application/json": ["schema": schemas.reference(operation.answerSchema(definition))]],
                ]
            ],
        ]
        if let body = body(operation, definition, schemas) { json["requestBody"] = body }
        return json
    }

    private func body(_ operation: APIOperation, _ definition: ResourceDefinition, _ schemas: OpenAPISchemas)
        -> JSONValue?
    {
        func content(_ types: [String], _ name: String) -> JSONValue {
            ["content": .object(JSONObject(types.map { ($0, ["schema": schemas.reference(name)]) }))]
        }
        switch operation.body {
        case .none: return nil
        case .object:
            var body = content(["application/json"], definition.schemaName)
            body["required"] = true
            return body
        case .deleteOptions: return content(["application/json"], OpenAPISchemas.deleteOptions)
        case .patch:
            return content(OpenAPI.patchTypes(definition), OpenAPISchemas.patch)
        }
    }
}
