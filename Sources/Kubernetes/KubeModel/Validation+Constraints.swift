import JSONModel

extension Validation {
    mutating func validate(_ value: JSONValue, _ constraints: Schema.Constraints) {
        if !constraints.values.isEmpty, !constraints.values.contains(where: { $0.isEquivalent(to: value) }) {
            let supported = constraints.values.map(\.text).joined(separator: ", ")
            report(
                "FieldValueNotSupported", "Unsupported value: \(value.excerpt): supported values: \(supported)")
        }
        if case .number(let number) = value { validateNumber(number, constraints) }
        if case .object(let object) = value { validateSize(object.count, constraints) }
        validateJunctions(value, constraints)
    }

    private mutating func validateNumber(_ number: JSONNumber, _ constraints: Schema.Constraints) {
        guard let value = number.double else { return }
        func text(_ bound: Double) -> String { JSONNumber(bound).literal }
        if let bound = constraints.excludesMinimum, value == bound {
            causes.append(.invalid(path, number.literal, "must be greater than \(text(bound))"))
        }
        if let bound = constraints.excludesMaximum, value == bound {
            causes.append(.invalid(path, number.literal, "must be less than \(text(bound))"))
        }
        if let factor = constraints.multipleOf, factor > 0, (value / factor).rounded() * factor != value {
            causes.append(.invalid(path, number.literal, "must be a multiple of \(text(factor))"))
        }
    }

    private mutating func validateSize(_ count: Int, _ constraints: Schema.Constraints) {
        if let minimum = constraints.minProperties, count < minimum {
            causes.append(.invalid(path, "\(count) properties", "must have at least \(minimum) properties"))
        }
        if let maximum = constraints.maxProperties, count > maximum {
            report("FieldValueTooMany", "Too many: \(count): must have at most \(maximum) properties")
        }
    }

    private mutating func validateJunctions(_ value: JSONValue, _ constraints: Schema.Constraints) {
        for schema in constraints.allOf { causes += problems(value, schema) }
        if !constraints.anyOf.isEmpty, !constraints.anyOf.contains(where: { problems(value, $0).isEmpty }) {
            causes.append(.invalid(path, value.excerpt, "must validate at least one schema (anyOf)"))
        }
        if !constraints.oneOf.isEmpty {
            let count = constraints.oneOf.count { problems(value, $0).isEmpty }
            if count != 1 {
                causes.append(
                    .invalid(
                        path, value.excerpt,
                        "must validate one and only one schema (oneOf), validates \(count == 0 ? "none" : "\(count)")"))
            }
        }
        if let not = constraints.not.first, problems(value, not).isEmpty {
            causes.append(.invalid(path, value.excerpt, "must not validate the schema (not)"))
        }
    }

    private func problems(_ value: JSONValue, _ schema: Schema) -> [Status.Cause] {
        var validation = Validation(path: path)
        validation.validate(value, schema, isResource: false)
        return validation.causes
    }
}
