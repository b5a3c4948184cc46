import CEL
import JSONModel
import KubeModel

extension StructuralSchema {
    /// Rules that cannot be evaluated are refused: they must not look as if they held.
    ///
    /// - Parameter isCorrelatable: whether it can be told what the value was before.
    mutating func checkRules(_ schema: JSONValue, at path: FieldPath, isCorrelatable: Bool) {
        let path = path.field("x-kubernetes-validations")
        for (index, json) in (schema["x-kubernetes-validations"]?.arrayValue ?? []).enumerated() {
            let (rule, path) = (Schema.Rule(json: json), path.index(index))
            if rule.rule.isEmpty {
                add(.required(path.field("rule"), "rule is not specified"))
                continue
            }
            let program = compile(rule.rule, at: path.field("rule"))
            if let program, program.variables.contains("oldSelf"), !isCorrelatable {
                add(
                    .invalid(
                        path.field("rule"), rule.rule.asJSON,
                        "oldSelf cannot be used on the uncorrelatable portion of the schema"))
            }
            if let message = rule.messageExpression { _ = compile(message, at: path.field("messageExpression")) }
            checkReason(rule, at: path)
        }
    }

    private mutating func checkReason(_ rule: Schema.Rule, at path: FieldPath) {
        let reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"]
        if let reason = rule.reason, !reasons.contains(reason) {
            add(.notSupported(path.field("reason"), reason.asJSON, supported: reasons))
        }
        if let message = rule.message, message.isEmpty || message.contains(where: \.isNewline) {
            add(.invalid(path.field("message"), message.asJSON, "message must be one line that is not empty"))
        }
    }

    private mutating func compile(_ text: String, at path: FieldPath) -> CELProgram? {
        do throws(CELError) { return try CELProgram(text, variables: SchemaRules.variables) } catch {
            add(.invalid(path, text.asJSON, "compilation failed: \(error)"))
            return nil
        }
    }
}
