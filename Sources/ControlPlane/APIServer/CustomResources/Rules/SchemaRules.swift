import CEL
import JSONModel
import KubeModel

/// The rules of a schema (`x-kubernetes-validations`), compiled, as a tree of the places that have some.
final class SchemaRules: Sendable {
    /// The steps that the rules of one object may take together.
    static let budget = 10_000_000

    /// What rules may mention.
    static let variables: Set<String> = ["self", "oldSelf"]

    struct Compiled: Sendable {
        var rule: Schema.Rule
        var program: CELProgram
        var message: CELProgram?
        /// Whether it compares with what was before.
        var isTransition: Bool { program.variables.contains("oldSelf") }
    }

    let schema: Schema
    let rules: [Compiled]
    let properties: [String: SchemaRules]
    /// Of a list's elements or a map's values.
    let elements: SchemaRules?

    /// `nil` where the schema has no rules. Those that cannot be compiled are left out: definitions with such rules are
    /// refused before they get here.
    init?(_ schema: Schema) {
        self.schema = schema
        rules = (schema.constraints.first?.rules ?? []).compactMap { rule in
            guard let program = try? CELProgram(rule.rule, variables: Self.variables) else { return nil }
            let message = rule.messageExpression.flatMap { try? CELProgram($0, variables: Self.variables) }
            return Compiled(rule: rule, program: program, message: message)
        }
        properties = schema.properties.compactMapValues(SchemaRules.init)
        elements = (schema.items.first ?? schema.additionalProperties.first).flatMap(SchemaRules.init)
        if rules.isEmpty, properties.isEmpty, elements == nil { return nil }
    }
}

/// Holds an object to the rules of its schema.
struct RuleValidation {
    private(set) var causes: [Status.Cause] = []
    private var budget = SchemaRules.budget

    static func causes(_ object: Object, old: Object?, _ rules: SchemaRules) -> [Status.Cause] {
        var validation = RuleValidation()
        validation.validate(object.json, old?.json, rules, FieldPath(), isResource: true)
        return validation.causes
    }

    private mutating func validate(
        _ value: JSONValue, _ old: JSONValue?, _ rules: SchemaRules, _ path: FieldPath, isResource: Bool = false
    ) {
        if !rules.rules.isEmpty { check(value, old, rules, path, isResource: isResource) }
        switch value {
        case .object(let object):
            for member in object {
                let isProperty = rules.properties[member.key] != nil
                let isOther = rules.schema.properties[member.key] == nil
                guard let inner = rules.properties[member.key] ?? (isOther ? rules.elements : nil) else { continue }
                let step = isProperty ? path.field(member.key) : path.key(member.key)
                validate(member.value, old?[member.key], inner, step)
            }
        case .array(let elements):
            guard let inner = rules.elements else { return }
            for (index, element) in elements.enumerated() {
                validate(
                    element, old.flatMap { rules.schema.counterpart(of: element, in: $0) }, inner, path.index(index))
            }
        default: return
        }
    }

    private mutating func check(
        _ value: JSONValue, _ old: JSONValue?, _ rules: SchemaRules, _ path: FieldPath, isResource: Bool
    ) {
        let this = CELValue(value, rules.schema, isResource: isResource)
        let before = old.map { CELValue($0, rules.schema, isResource: isResource) }
        for compiled in rules.rules {
            var variables = ["self": this]
            if compiled.rule.optionalOldSelf {
                variables["oldSelf"] = .optional(before)
            } else if compiled.isTransition {
                guard let before else { continue }
                variables["oldSelf"] = before
            }
            guard let problem = problem(compiled, variables) else { continue }
            let field = compiled.rule.fieldPath.map { path.description + $0 } ?? path.description
            causes.append(cause(compiled.rule, problem, field, rules.schema))
        }
    }

    /// What is wrong by one rule; `nil` where it holds.
    private mutating func problem(_ compiled: SchemaRules.Compiled, _ variables: [String: CELValue]) -> String? {
        let rule = compiled.rule
        do throws(CELError) {
            if try compiled.program.evaluate(variables, budget: &budget) == .bool(true) { return nil }
        } catch {
            return "\(error) evaluating rule: \(rule.message ?? rule.rule)"
        }
        if let message = compiled.message, case .string(let text)? = try? message.evaluate(variables, budget: &budget),
            !text.isEmpty
        {
            return text
        }
        return rule.message ?? "failed rule: \(rule.rule)"
    }

    private func cause(_ rule: Schema.Rule, _ problem: String, _ field: String, _ schema: Schema) -> Status.Cause {
        let message =
            switch rule.reason {
            case "FieldValueRequired": "Required value: \(problem)"
            case "FieldValueForbidden": "Forbidden: \(problem)"
            case "FieldValueDuplicate": "Duplicate value: \"\(schema.type?.rawValue ?? "")\": \(problem)"
            default: "Invalid value: \"\(schema.type?.rawValue ?? "")\": \(problem)"
            }
        let name = field.hasPrefix(".") ? String(field.dropFirst()) : field
        return Status.Cause(reason: rule.reason ?? "FieldValueInvalid", message: message, field: name)
    }
}

extension Schema {
    /// The element of `list` that has the same keys as `element`; `nil` for lists whose elements cannot be told apart.
    fileprivate func counterpart(of element: JSONValue, in list: JSONValue) -> JSONValue? {
        guard listType == .map else { return nil }
        func key(_ value: JSONValue) -> [JSONValue?] {
            listMapKeys.map { value[$0] ?? items.first?.properties[$0]?.defaultValue }
        }
        let wanted = key(element)
        return list.arrayValue?.first { key($0) == wanted }
    }
}
