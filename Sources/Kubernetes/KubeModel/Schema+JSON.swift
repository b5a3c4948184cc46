package import JSONModel

extension Schema {
    /// Reads a schema as a CustomResourceDefinition has it (JSONSchemaProps). Of a schema that is none, what can be read:
    /// whether it is a good one is for the definition's validation to say.
    package init(json: JSONValue) {
        self.init(json["type"]?.stringValue.flatMap(ValueType.init))
        description = json["description"]?.stringValue ?? ""
        readMembers(json)
        readBounds(json)
        readExtensions(json)
        readConstraints(json)
    }

    /// Reads the schema of a whole resource: whatever it says of `metadata`, that is what it is for all resources.
    package init(resource json: JSONValue) {
        self.init(json: json)
        completeMetadata()
    }

    /// Of the metadata a schema may narrow names only.
    private mutating func completeMetadata() {
        guard let given = properties["metadata"] else { return }
        let narrowed = given.properties.filter { ["generateName", "name"].contains($0.key) }
        properties["metadata"] =
            narrowed.isEmpty
            ? .objectMeta
            : Schema.objectMeta.with {
                $0.properties.merge(narrowed) { _, narrow in narrow }
                $0.required = given.required
                $0.constraints = given.constraints
                $0.typeName = ""
            }
    }

    private mutating func readMembers(_ json: JSONValue) {
        for member in json["properties"]?.objectValue ?? [:] { properties[member.key] = Schema(json: member.value) }
        required = json["required"]?.strings ?? []
        switch json["additionalProperties"] {
        case .object?: additionalProperties = json["additionalProperties"].map { [Schema(json: $0)] } ?? []
        case .bool(true)?: additionalProperties = [.any]
        default: break
        }
        if let schema = json["items"], schema.objectValue != nil { items = [Schema(json: schema)] }
        defaultValue = json["default"]
        isNullable = json["nullable"]?.boolValue ?? false
    }

    private mutating func readBounds(_ json: JSONValue) {
        if let values = json["enum"]?.arrayValue, values.allSatisfy({ $0.stringValue != nil }) {
            enumeration = json["enum"]?.strings ?? []
        }
        pattern = json["pattern"]?.stringValue
        format = json["format"]?.stringValue
        minimum = json["minimum"]?.doubleValue
        maximum = json["maximum"]?.doubleValue
        minLength = json["minLength"]?.intValue
        maxLength = json["maxLength"]?.intValue
        minItems = json["minItems"]?.intValue
        maxItems = json["maxItems"]?.intValue
    }

    private mutating func readExtensions(_ json: JSONValue) {
        func isSet(_ name: String) -> Bool { json["x-kubernetes-\(name)"]?.boolValue == true }
        preservesUnknownFields = isSet("preserve-unknown-fields")
        isIntOrString = isSet("int-or-string")
        isEmbeddedResource = isSet("embedded-resource")
        if isEmbeddedResource { completeMetadata() }
        isAtomic = json["x-kubernetes-map-type"] == "atomic"
        listType = json["x-kubernetes-list-type"]?.stringValue.flatMap(ListType.init)
        listMapKeys = json["x-kubernetes-list-map-keys"]?.strings ?? []
    }

    private mutating func readConstraints(_ json: JSONValue) {
        var constraints = Constraints()
        constraints.title = json["title"]?.stringValue
        if enumeration.isEmpty { constraints.values = json["enum"]?.arrayValue ?? [] }
        if json["exclusiveMinimum"]?.boolValue == true { constraints.excludesMinimum = minimum }
        if json["exclusiveMaximum"]?.boolValue == true { constraints.excludesMaximum = maximum }
        constraints.multipleOf = json["multipleOf"]?.doubleValue
        constraints.minProperties = json["minProperties"]?.intValue
        constraints.maxProperties = json["maxProperties"]?.intValue
        constraints.allOf = json.schemas("allOf")
        // The two that come with int-or-string are said by that already.
        constraints.anyOf = isIntOrString ? [] : json.schemas("anyOf")
        constraints.oneOf = json.schemas("oneOf")
        constraints.not = json["not"].map { [Schema(json: $0)] } ?? []
        constraints.example = json["example"]
        constraints.externalDocs = json["externalDocs"]
        constraints.rules = (json["x-kubernetes-validations"]?.arrayValue ?? []).map(Rule.init)
        if constraints != Constraints() { self.constraints = [constraints] }
    }
}

extension JSONValue {
    fileprivate var strings: [String] { arrayValue?.compactMap(\.stringValue) ?? [] }
    fileprivate func schemas(_ key: String) -> [Schema] { (self[key]?.arrayValue ?? []).map(Schema.init(json:)) }
}
