package import JSONModel

extension Schema {
    /// The rarer words of JSON Schema, which other people's CustomResourceDefinitions use.
    package struct Constraints: Sendable, Hashable {
        package var title: String?
        /// `enum` of values that are not all strings.
        package var values: [JSONValue] = []
        /// `exclusiveMinimum`: the schema's `minimum` itself is too little.
        package var excludesMinimum: Double?
        /// `exclusiveMaximum`: the schema's `maximum` itself is too much.
        package var excludesMaximum: Double?
        package var multipleOf: Double?
        package var minProperties: Int?
        package var maxProperties: Int?
        package var allOf: [Schema] = []
        package var anyOf: [Schema] = []
        package var oneOf: [Schema] = []
        /// At most one.
        package var not: [Schema] = []
        package var example: JSONValue?
        package var externalDocs: JSONValue?
        /// `x-kubernetes-validations`, in order.
        package var rules: [Rule] = []

        package init() {}
    }

    /// An entry of `x-kubernetes-validations`: an expression of the Common Expression Language that must be true.
    package struct Rule: Sendable, Hashable {
        package var rule: String
        package var message: String?
        package var messageExpression: String?
        /// `FieldValueInvalid` and so on; `nil` for that.
        package var reason: String?
        /// Relative to the value: `.spec.size`.
        package var fieldPath: String?
        package var optionalOldSelf: Bool

        package init(
            _ rule: String, message: String? = nil, messageExpression: String? = nil, reason: String? = nil,
            fieldPath: String? = nil, optionalOldSelf: Bool = false
        ) {
            self.rule = rule
            self.message = message
            self.messageExpression = messageExpression
            self.reason = reason
            self.fieldPath = fieldPath
            self.optionalOldSelf = optionalOldSelf
        }
    }
}

extension Schema.Constraints {
    /// Writes itself into the schema object of OpenAPI.
    func add(to json: inout JSONObject) {
        if let title { json["title"] = .string(title) }
        if !values.isEmpty { json["enum"] = .array(values) }
        if excludesMinimum != nil { json["exclusiveMinimum"] = true }
        if excludesMaximum != nil { json["exclusiveMaximum"] = true }
        if let multipleOf { json["multipleOf"] = .number(JSONNumber(multipleOf)) }
        if let minProperties { json["minProperties"] = .number(JSONNumber(minProperties)) }
        if let maxProperties { json["maxProperties"] = .number(JSONNumber(maxProperties)) }
        for (key, schemas) in [("allOf", allOf), ("anyOf", anyOf), ("oneOf", oneOf)] where !schemas.isEmpty {
            json[key] = .array(schemas.map(\.openAPI))
        }
        if let not = not.first { json["not"] = not.openAPI }
        if let example { json["example"] = example }
        if let externalDocs { json["externalDocs"] = externalDocs }
        if !rules.isEmpty { json["x-kubernetes-validations"] = .array(rules.map(\.json)) }
    }
}

extension Schema.Rule {
    package init(json: JSONValue) {
        self.init(
            json["rule"]?.stringValue ?? "", message: json["message"]?.stringValue,
            messageExpression: json["messageExpression"]?.stringValue, reason: json["reason"]?.stringValue,
            fieldPath: json["fieldPath"]?.stringValue, optionalOldSelf: json["optionalOldSelf"]?.boolValue ?? false)
    }

    package var json: JSONValue {
        var json: JSONValue = ["rule": .string(rule)]
        for (key, text) in [
            ("message", message), ("messageExpression", messageExpression), ("reason", reason),
            ("fieldPath", fieldPath),
        ] {
            if let text { json[key] = .string(text) }
        }
        if optionalOldSelf { json["optionalOldSelf"] = true }
        return json
    }
}
