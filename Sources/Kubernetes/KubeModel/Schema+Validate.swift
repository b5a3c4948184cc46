package import JSONModel

extension Schema {
    /// Everything that is wrong with this resource, at once; empty where it is as the schema says. Fields that the
    /// schema does not know are no errors: `prune` tells of them.
    package func validate(_ value: JSONValue) -> [Status.Cause] {
        var validation = Validation()
        validation.validate(value, self, isResource: true)
        return validation.causes
    }

    /// The same for a value that is no resource but a part of one, found at `path`.
    package func validate(_ value: JSONValue, at path: FieldPath) -> [Status.Cause] {
        var validation = Validation(path: path)
        validation.validate(value, self, isResource: false)
        return validation.causes
    }

    /// What messages call the values that fit: `a string`, `an integer`, `a list`.
    package var expectation: String {
        if isIntOrString { return "an integer or a string" }
        return switch type {
        case .object: "an object"
        case .array: "a list"
        case .string: enumeration.isEmpty ? "a string" : "one of \(enumeration.joined(separator: ", "))"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "true or false"
        case nil: "a value"
        }
    }
}

/// A walk over a value and its schema that gathers what does not fit.
struct Validation {
    var path = FieldPath()
    var causes: [Status.Cause] = []

    mutating func validate(_ value: JSONValue, _ schema: Schema, isResource: Bool) {
        if value.isNull, schema.isNullable { return }
        if let constraints = schema.constraints.first { validate(value, constraints) }
        if schema.isIntOrString { return validateIntOrString(value, schema) }
        switch (schema.type, value) {
        case (nil, .object(let object)), (.object, .object(let object)):
            validateMembers(object, schema, isResource: isResource || schema.isEmbeddedResource)
        case (nil, .array(let elements)), (.array, .array(let elements)): validateList(elements, schema)
        case (nil, .string(let text)), (.string, .string(let text)): validateString(text, schema)
        case (nil, .number(let number)), (.number, .number(let number)): validateNumber(number, schema)
        case (.integer, .number(let number)) where number.int != nil: validateNumber(number, schema)
        case (nil, _), (.boolean, .bool): return
        default: reportType(of: value, schema)
        }
    }

    private mutating func validateMembers(_ object: JSONObject, _ schema: Schema, isResource: Bool) {
        for key in schema.required + (schema.isEmbeddedResource ? ["apiVersion", "kind"] : [])
        where object[key] == nil {
            let expected = schema.member(key, isResource: isResource)?.expectation ?? "a value"
            causes.append(.required(path.field(key), "expected \(expected)"))
        }
        for member in object {
            guard let memberSchema = schema.member(member.key, isResource: isResource) else { continue }
            path.steps.append(schema.step(member.key))
            validate(member.value, memberSchema, isResource: false)
            path.steps.removeLast()
        }
    }

    private mutating func validateList(_ elements: [JSONValue], _ schema: Schema) {
        if let minimum = schema.minItems, elements.count < minimum {
            causes.append(.invalid(path, "\(elements.count) items", "must have at least \(minimum)"))
        }
        if let maximum = schema.maxItems, elements.count > maximum {
            report("FieldValueTooMany", "Too many: \(elements.count): must have at most \(maximum) items")
        }
        if let items = schema.items.first {
            for (index, element) in elements.enumerated() {
                path.steps.append(.index(index))
                validate(element, items, isResource: false)
                path.steps.removeLast()
            }
        }
        validateUniqueness(elements, schema)
    }

    private mutating func validateUniqueness(_ elements: [JSONValue], _ schema: Schema) {
        guard schema.listType == .set || schema.listType == .map, elements.count > 1 else { return }
        var seen: Set<JSONValue> = []
        for (index, element) in elements.enumerated() {
            let identity = schema.listType == .set ? element : schema.identity(of: element).map { .object($0) }
            guard let identity, !seen.insert(identity).inserted else { continue }
            causes.append(.duplicate(path.index(index), identity.excerpt))
        }
    }

    private mutating func validateIntOrString(_ value: JSONValue, _ schema: Schema) {
        switch value {
        case .string(let text): validateString(text, schema)
        case .number(let number) where number.int != nil || schema.format == Quantity.format:
            validateNumber(number, schema)
        default: reportType(of: value, schema)
        }
    }

    private mutating func reportType(of value: JSONValue, _ schema: Schema) {
        causes.append(
            .wrongType(path, value.excerpt, "expected \(schema.expectation), found \(value.typeName)"))
    }

    mutating func report(_ reason: String, _ message: String) {
        causes.append(Status.Cause(reason: reason, message: message, field: path.description))
    }
}

extension Schema {
    /// The keys, and their values, that tell `element` apart in this list of maps. A key that is left out counts with
    /// its default; `nil` where every key is missing, or `element` is no object.
    func identity(of element: JSONValue) -> JSONObject? {
        guard case .object(let object) = element else { return nil }
        var identity = JSONObject()
        for key in listMapKeys {
            if let value = object[key] ?? items.first?.properties[key]?.defaultValue { identity[key] = value }
        }
        return identity.isEmpty ? nil : identity
    }
}
