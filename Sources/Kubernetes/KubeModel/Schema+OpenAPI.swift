package import JSONModel

extension Schema {
    /// The OpenAPI v3 schema object, with the `x-kubernetes-` extensions. For a whole resource take `asResource.openAPI`.
    package var openAPI: JSONValue { openAPI { _ in nil } }

    /// The same, with references in place of types that stand elsewhere in the document.
    ///
    /// - Parameter reference: what to write for a part of the schema, such as `{"$ref": "#/..."}` for its `typeName`; `nil`
    ///   to write it out. It is not asked for the schema itself.
    package func openAPI(reference: (Schema) -> JSONValue?) -> JSONValue {
        var json = JSONObject()
        if !description.isEmpty { json["description"] = .string(description) }
        if let type { json["type"] = .string(type.rawValue) }
        if let defaultValue { json["default"] = defaultValue }
        if isNullable { json["nullable"] = true }
        addMembers(to: &json) { reference($0) ?? $0.openAPI(reference: reference) }
        addConstraints(to: &json)
        addExtensions(to: &json)
        constraints.first?.add(to: &json)
        return .object(json)
    }

    private func addMembers(to json: inout JSONObject, _ openAPI: (Schema) -> JSONValue) {
        if !properties.isEmpty {
            json["properties"] = .object(JSONObject(properties.map { ($0.key, openAPI($0.value)) }))
        }
        if !required.isEmpty { json["required"] = .array(required.map { .string($0) }) }
        if let values = additionalProperties.first { json["additionalProperties"] = openAPI(values) }
        if let items = items.first { json["items"] = openAPI(items) }
    }

    private func addConstraints(to json: inout JSONObject) {
        if !enumeration.isEmpty { json["enum"] = .array(enumeration.map { .string($0) }) }
        if let pattern { json["pattern"] = .string(pattern) }
        if let format { json["format"] = .string(format) }
        if let minimum { json["minimum"] = .number(JSONNumber(minimum)) }
        if let maximum { json["maximum"] = .number(JSONNumber(maximum)) }
        if let minLength { json["minLength"] = .number(JSONNumber(minLength)) }
        if let maxLength { json["maxLength"] = .number(JSONNumber(maxLength)) }
        if let minItems { json["minItems"] = .number(JSONNumber(minItems)) }
        if let maxItems { json["maxItems"] = .number(JSONNumber(maxItems)) }
    }

    private func addExtensions(to json: inout JSONObject) {
        if isIntOrString {
            json["x-kubernetes-int-or-string"] = true
            json["anyOf"] = [["type": "integer"], ["type": "string"]]
        }
        if preservesUnknownFields { json["x-kubernetes-preserve-unknown-fields"] = true }
        if isEmbeddedResource { json["x-kubernetes-embedded-resource"] = true }
        if isAtomic { json["x-kubernetes-map-type"] = "atomic" }
        if let listType { json["x-kubernetes-list-type"] = .string(listType.rawValue) }
        if !listMapKeys.isEmpty { json["x-kubernetes-list-map-keys"] = .array(listMapKeys.map { .string($0) }) }
        if let patchMergeKey { json["x-kubernetes-patch-merge-key"] = .string(patchMergeKey) }
        let isMerged = patchMergeKey != nil || type == .array && listType == .set
        let strategies = (isMerged ? ["merge"] : []) + (retainsKeys ? ["retainKeys"] : [])
        if !strategies.isEmpty {
            json["x-kubernetes-patch-strategy"] = .string(strategies.joined(separator: ","))
        }
    }
}
