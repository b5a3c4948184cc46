import JSONModel
import KubeModel

extension StructuralSchema {
    /// Patterns that cannot be read, and defaults that the schema itself would refuse.
    mutating func checkValues(_ schema: JSONValue, at path: FieldPath) {
        if let pattern = schema["pattern"]?.stringValue, (try? Regex(pattern)) == nil {
            add(.invalid(path.field("pattern"), pattern.asJSON, "must be a valid regular expression"))
        }
        guard var value = schema["default"] else { return }
        let read = Schema(json: schema)
        let unknown = read.prune(&value)
        for field in unknown where !["apiVersion", "kind", "metadata"].contains(field) {
            add(.invalid(path.field("default"), value.excerpt, "must not have unknown fields: \(field)"))
        }
        read.applyDefaults(&value)
        for cause in read.validate(value, at: path.field("default")) { add(cause) }
    }

    /// `allOf`, `anyOf`, `oneOf` and `not` may narrow values, but not say what the fields are.
    mutating func checkJunctors(_ schema: JSONValue, at path: FieldPath) {
        for key in ["allOf", "anyOf", "oneOf"] {
            for (index, branch) in (schema[key]?.arrayValue ?? []).enumerated() {
                checkBranch(branch, of: schema, at: path.field(key).index(index), outer: path)
            }
        }
        if let branch = schema["not"] { checkBranch(branch, of: schema, at: path.field("not"), outer: path) }
    }

    private mutating func checkBranch(
        _ branch: JSONValue, of schema: JSONValue, at path: FieldPath, outer: FieldPath
    ) {
        let isIntOrString = schema.isSet("int-or-string")
        for key in ["additionalProperties", "default", "description", "nullable", "title", "type"] {
            guard let value = branch[key], value != false, value != "" else { continue }
            if key == "type", isIntOrString { continue }
            add(.forbidden(path.field(key), "must be empty to be structural"))
        }
        for member in branch.objectValue ?? [:] where member.key.hasPrefix("x-kubernetes-") {
            add(.forbidden(path.field(member.key), "must be empty to be structural"))
        }
        checkJunctors(branch, ofBranchOf: schema, at: path, outer: outer)
        for member in branch["properties"]?.objectValue ?? [:] {
            let place = outer.field("properties").key(member.key)
            guard let defined = schema[path: "properties", member.key] else {
                if member.key != "metadata", schema["additionalProperties"] == nil {
                    add(.required(place, "because it is defined in \(path.field("properties").key(member.key))"))
                }
                continue
            }
            checkBranch(member.value, of: defined, at: path.field("properties").key(member.key), outer: place)
        }
        if let items = branch["items"] {
            guard let defined = schema["items"] else {
                return add(.required(outer.field("items"), "because it is defined in \(path.field("items"))"))
            }
            checkBranch(items, of: defined, at: path.field("items"), outer: outer.field("items"))
        }
    }

    private mutating func checkJunctors(
        _ branch: JSONValue, ofBranchOf schema: JSONValue, at path: FieldPath, outer: FieldPath
    ) {
        for key in ["allOf", "anyOf", "oneOf"] {
            for (index, inner) in (branch[key]?.arrayValue ?? []).enumerated() {
                checkBranch(inner, of: schema, at: path.field(key).index(index), outer: outer)
            }
        }
        if let inner = branch["not"] { checkBranch(inner, of: schema, at: path.field("not"), outer: outer) }
    }
}
