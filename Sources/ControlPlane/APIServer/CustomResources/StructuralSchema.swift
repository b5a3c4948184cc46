import JSONModel
import KubeModel

/// Whether a schema is structural (apiextensions v1): every field has one place where its type is said, so that objects
/// can be pruned and defaulted by it.
struct StructuralSchema {
    private(set) var causes: [Status.Cause] = []

    /// - Parameter schema: of a whole resource.
    static func causes(_ schema: JSONValue, at path: FieldPath) -> [Status.Cause] {
        var walk = StructuralSchema()
        walk.check(schema, at: path, place: "at the root", isCorrelatable: true)
        if schema["type"] != "object", schema["type"] != nil {
            walk.add(.invalid(path.field("type"), schema["type"]?.text ?? "", "must be object at the root"))
        }
        walk.checkMetadata(schema, at: path)
        return walk.causes
    }

    mutating func add(_ cause: Status.Cause) { causes.append(cause) }

    /// - Parameters:
    ///   - place: how messages say where a missing type is missed.
    ///   - isCorrelatable: whether it can be told what the value was before.
    private mutating func check(_ schema: JSONValue, at path: FieldPath, place: String, isCorrelatable: Bool) {
        checkForbidden(schema, at: path)
        checkType(schema, at: path, place: place)
        checkExtensions(schema, at: path)
        checkLists(schema, at: path)
        checkJunctors(schema, at: path)
        checkValues(schema, at: path)
        checkRules(schema, at: path, isCorrelatable: isCorrelatable)
        let fields = "for specified object fields"
        for member in schema["properties"]?.objectValue ?? [:] {
            check(
                member.value, at: path.field("properties").key(member.key), place: fields,
                isCorrelatable: isCorrelatable)
        }
        if let values = schema["additionalProperties"], values.objectValue != nil {
            check(values, at: path.field("additionalProperties"), place: fields, isCorrelatable: isCorrelatable)
        }
        if let items = schema["items"], items.objectValue != nil {
            check(
                items, at: path.field("items"), place: "for specified array items",
                isCorrelatable: isCorrelatable && schema["x-kubernetes-list-type"] == "map")
        }
    }

    private mutating func checkForbidden(_ schema: JSONValue, at path: FieldPath) {
        let unsupported = [
            "$ref", "$schema", "additionalItems", "definitions", "dependencies", "id", "patternProperties",
        ]
        for key in unsupported where schema[key] != nil {
            add(.forbidden(path.field(key), "\(key) is not supported"))
        }
        if schema["uniqueItems"] == true {
            add(
                .forbidden(
                    path.field("uniqueItems"),
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"))
        }
        if schema["additionalProperties"] == false {
            add(.forbidden(path.field("additionalProperties"), "additionalProperties cannot be set to false"))
        } else if schema["additionalProperties"] != nil, schema["properties"]?.objectValue?.isEmpty == false {
            add(
                .forbidden(
                    path.field("additionalProperties"), "additionalProperties and properties are mutual exclusive"))
        }
        if schema["items"]?.arrayValue != nil {
            add(.forbidden(path.field("items"), "items must be a schema object and not an array"))
        }
    }

    private mutating func checkType(_ schema: JSONValue, at path: FieldPath, place: String) {
        let types = ["array", "boolean", "integer", "number", "object", "string"]
        let field = path.field("type")
        let type = schema["type"]?.stringValue ?? ""
        if type == "null" {
            add(.forbidden(field, "type cannot be set to null, use nullable as an alternative"))
        } else if !type.isEmpty, !types.contains(type) {
            add(.notSupported(field, type.asJSON, supported: types))
        }
        if schema.isSet("int-or-string") {
            if !type.isEmpty {
                add(.invalid(field, type.asJSON, "must be empty if x-kubernetes-int-or-string is true"))
            }
        } else if type.isEmpty, !schema.isSet("preserve-unknown-fields") {
            add(.required(field, "must not be empty \(place)"))
        }
        if type == "array", schema["items"] == nil {
            add(.required(path.field("items"), "must be specified"))
        }
    }

    private mutating func checkExtensions(_ schema: JSONValue, at path: FieldPath) {
        func field(_ name: String) -> FieldPath { path.field("x-kubernetes-\(name)") }
        if schema["x-kubernetes-preserve-unknown-fields"] == false {
            add(.invalid(field("preserve-unknown-fields"), "false", "must be true or undefined"))
        }
        if let type = schema["x-kubernetes-map-type"]?.stringValue {
            if !["atomic", "granular"].contains(type) {
                add(.notSupported(field("map-type"), type.asJSON, supported: ["atomic", "granular"]))
            }
            if schema["type"] != "object" {
                add(
                    .invalid(
                        path.field("type"), schema.typeText, "must be object if x-kubernetes-map-type is specified"))
            }
        }
        guard schema.isSet("embedded-resource") else { return }
        if schema["type"] != "object" {
            add(
                .invalid(
                    path.field("type"), schema.typeText, "must be object if x-kubernetes-embedded-resource is true"))
        }
        if !schema.isSet("preserve-unknown-fields"), schema["properties"]?.objectValue?.isEmpty ?? true {
            add(
                .required(
                    path.field("properties"),
                    "must not be empty if x-kubernetes-embedded-resource is true without "
                        + "x-kubernetes-preserve-unknown-fields"))
        }
        checkMetadata(schema, at: path)
    }

    /// `metadata` is the same for all resources: a schema may only narrow names.
    private mutating func checkMetadata(_ schema: JSONValue, at path: FieldPath) {
        guard let metadata = schema[path: "properties", "metadata"] else { return }
        let field = path.field("properties").key("metadata")
        if metadata["type"] != "object" {
            add(.invalid(field.field("type"), metadata.typeText, "must be object"))
        }
        let others = (metadata["properties"]?.objectValue?.keys ?? []).filter {
            !["name", "generateName"].contains($0)
        }
        if !others.isEmpty || metadata["additionalProperties"] != nil {
            add(
                .forbidden(
                    field,
                    "must not specify anything other than name and generateName, but metadata is implicitly specified"))
        }
    }
}

extension JSONValue {
    /// Whether the extension `x-kubernetes-<name>` is true.
    func isSet(_ name: String) -> Bool { self["x-kubernetes-\(name)"] == true }

    var typeText: String { self["type"]?.text ?? "\"\"" }
}
