/// An expression that was read and checked, ready to be evaluated.
///
/// Checked are its form, its names and its functions, not its types: an operation on a value of the wrong type is an
/// error of the evaluation.
package struct CELProgram: Sendable {
    let expression: Expression
    /// The variables that it mentions.
    package let variables: Set<String>

    /// - Parameters:
    ///   - text: of the expression.
    ///   - known: the variables that it may mention.
    /// - Throws: where it cannot be read, or mentions what is not there.
    package init(_ text: String, variables known: Set<String>) throws(CELError) {
        expression = try Parser.parse(text)
        var check = NameCheck(known: known)
        try check.visit(expression, [])
        variables = check.mentioned
    }

    /// The value of the expression.
    ///
    /// - Parameters:
    ///   - variables: by name; all that it mentions.
    ///   - budget: how many steps it may take; each takes some away.
    /// - Throws: where it has none: a missing field, a wrong type, a budget that is used up.
    package func evaluate(_ variables: [String: CELValue], budget: inout Int) throws(CELError) -> CELValue {
        var evaluation = Evaluation(variables: variables, budget: budget)
        defer { budget = evaluation.budget }
        return try evaluation.value(expression)
    }
}

/// Whether all names of an expression are known.
private struct NameCheck {
    let known: Set<String>
    var mentioned: Set<String> = []

    static let types: Set<String> = [
        "bool", "bytes", "double", "dyn", "int", "list", "map", "null_type", "string", "uint", "type",
    ]

    mutating func visit(_ expression: Expression, _ bound: Set<String>) throws(CELError) {
        switch expression {
        case .literal: return
        case .identifier(let name): try mention(name, bound)
        case .select(let operand, _, _), .has(let operand, _), .not(let operand), .negate(let operand):
            try visit(operand, bound)
        case .index(let left, let right, _), .and(let left, let right), .or(let left, let right),
            .binary(_, let left, let right):
            try visit(left, bound)
            try visit(right, bound)
        case .call(let target, let function, let arguments): try visit(target, function, arguments, bound)
        case .list(let elements): for element in elements { try visit(element, bound) }
        case .map(let entries):
            for entry in entries {
                try visit(entry.key, bound)
                try visit(entry.value, bound)
            }
        case .conditional(let condition, let yes, let no):
            for part in [condition, yes, no] { try visit(part, bound) }
        case .comprehension(_, let range, let variable, let filter, let body):
            try visit(range, bound)
            if let filter { try visit(filter, bound.union([variable])) }
            try visit(body, bound.union([variable]))
        case .bind(let variable, let value, let body):
            try visit(value, bound)
            try visit(body, bound.union([variable]))
        }
    }

    private mutating func visit(
        _ target: Expression?, _ function: String, _ arguments: [Expression], _ bound: Set<String>
    ) throws(CELError) {
        let space = target.flatMap { Functions.space($0, function, bound) }
        guard Functions.names.contains(space.map { "\($0).\(function)" } ?? function) else {
            throw CELError("undeclared reference to '\(function)'")
        }
        if let target, space == nil { try visit(target, bound) }
        for argument in arguments { try visit(argument, bound) }
    }

    private mutating func mention(_ name: String, _ bound: Set<String>) throws(CELError) {
        if bound.contains(name) { return }
        guard known.contains(name) || Self.types.contains(name) else {
            throw CELError("undeclared reference to '\(name)'")
        }
        if known.contains(name) { mentioned.insert(name) }
    }
}
