import JSONModel
import KubeModel

/// The OpenAPI 3.0 document of one group and version: its schemas, and of its paths what clients look for (which kind
/// lies where, and which parameters a patch takes).
struct OpenAPIv3: Sendable {
    /// Of one group and version.
    let definitions: [ResourceDefinition]

    var document: JSONValue {
        var paths: JSONValue = [:]
        var schemas: JSONValue = [:]
        for definition in definitions {
            let resource = definition.resource
            let templates = resource.pathTemplates
            paths[templates.collection] = ["get": operation("list", resource), "post": operation("post", resource)]
            paths[templates.object] = [
                "get": operation("get", resource), "put": operation("put", resource),
                "patch": operation("patch", resource), "delete": operation("delete", resource),
            ]
            schemas[resource.schemaName] = schema(definition)
        }
        return [
            "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": "v1.31.0+martlet"], "paths": paths,
            "components": ["schemas": schemas],
        ]
    }

    private func schema(_ definition: ResourceDefinition) -> JSONValue {
        var json = definition.schema.asResource.openAPI
        json["x-kubernetes-group-version-kind"] = [definition.resource.gvkExtension]
        return json
    }

    private func operation(_ action: String, _ resource: Resource) -> JSONValue {
        let reference: JSONValue = ["$ref": "#/components/schemas/\(resource.schemaName)"]
        var operation: JSONValue = [
            "x-kubernetes-action": .string(action), "x-kubernetes-group-version-kind": resource.gvkExtension,
            "responses": ["200": ["description": "OK", "content": ["application/json": ["schema": reference]]]],
        ]
        if ["post", "put", "patch"].contains(action) {
            operation["parameters"] = .array(
                ["dryRun", "fieldManager", "fieldValidation"].map {
                    ["name": $0, "in": "query", "schema": ["type": "string", "uniqueItems": true]]
                })
        }
        return operation
    }
}
