import JSONModel
import KubeModel

extension StructuralSchema {
    /// `x-kubernetes-list-type` and `x-kubernetes-list-map-keys`.
    mutating func checkLists(_ schema: JSONValue, at path: FieldPath) {
        let keys = schema["x-kubernetes-list-map-keys"]?.arrayValue ?? []
        let keysPath = path.field("x-kubernetes-list-map-keys")
        guard let type = schema["x-kubernetes-list-type"]?.stringValue else {
            if !keys.isEmpty {
                add(
                    .invalid(path.field("x-kubernetes-list-type"), "\"\"", "must be map if list-map-keys are specified")
                )
            }
            return
        }
        if !["atomic", "map", "set"].contains(type) {
            add(
                .notSupported(
                    path.field("x-kubernetes-list-type"), type.asJSON, supported: ["atomic", "map", "set"]))
        }
        if schema["type"] != "array" {
            add(.invalid(path.field("type"), schema.typeText, "must be array if x-kubernetes-list-type is specified"))
        }
        let items = schema["items"] ?? [:]
        if type == "set", items["type"] == "object", items["x-kubernetes-map-type"] != "atomic" {
            add(
                .invalid(
                    path.field("items").field("x-kubernetes-map-type"), items["x-kubernetes-map-type"]?.text ?? "\"\"",
                    "must be atomic as item of a list with x-kubernetes-list-type=set"))
        }
        guard type == "map" else {
            if !keys.isEmpty { add(.forbidden(keysPath, "must not be specified unless x-kubernetes-list-type is map")) }
            return
        }
        if keys.isEmpty { add(.required(keysPath, "must not be empty if x-kubernetes-list-type is map")) }
        if items["type"] != "object" {
            add(
                .invalid(
                    path.field("items").field("type"), items.typeText,
                    "must be object if parent array's x-kubernetes-list-type is map"))
        }
        for (index, key) in keys.enumerated() {
            if keys[..<index].contains(key) { add(.duplicate(keysPath.index(index), key.excerpt)) }
            checkKey(key.stringValue ?? "", items, keysPath.index(index), path.field("items"))
        }
    }

    private mutating func checkKey(_ key: String, _ items: JSONValue, _ keyPath: FieldPath, _ path: FieldPath) {
        guard let property = items[path: "properties", key] else {
            return add(.invalid(keyPath, key.asJSON, "entries must all be names of item properties"))
        }
        let path = path.field("properties").key(key)
        if ["array", "object"].contains(property["type"]) {
            add(
                .invalid(
                    path.field("type"), property.typeText,
                    "must be a scalar type if parent array's x-kubernetes-list-type is map"))
        }
        if property["nullable"] == true {
            add(.forbidden(path.field("nullable"), "cannot be nullable when x-kubernetes-list-type is map"))
        }
        let isRequired = items["required"]?.arrayValue?.contains(.string(key)) ?? false
        if !isRequired, property["default"] == nil {
            add(
                .required(
                    path.field("default"),
                    "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
                ))
        }
    }
}
