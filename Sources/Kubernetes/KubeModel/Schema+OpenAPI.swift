package import JSONModel

extension Schema {
    /// The OpenAPI v3 schema object, with the `x-kubernetes-` extensions. For a whole resource take `asResource.openAPI`.
    package var openAPI: JSONValue {
        var json = JSONObject()
        if !description.isEmpty { json["description"] = .string(description) }
        if let type { json["type"] = .string(type.rawValue) }
        if let defaultValue { json["default"] = defaultValue }
        if isNullable { json["nullable"] = true }
        addMembers(to: &json)
        addConstraints(to: &json)
        addExtensions(to: &json)
        return .object(json)
    }

    private func addMembers(to json: inout JSONObject) {
        if !properties.isEmpty {
            json["properties"] = .object(JSONObject(properties.map { ($0.key, $0.value.openAPI) }))
        }
        if !required.isEmpty { json["required"] = .array(required.map { .string($0) }) }
        if let values = additionalProperties.first { json["additionalProperties"] = values.openAPI }
        if let items = items.first { json["items"] = items.openAPI }
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
        if patchMergeKey != nil || type == .array && listType == .set {
            json["x-kubernetes-patch-strategy"] = "merge"
        }
    }
}
