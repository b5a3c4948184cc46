/// An expression as a tree.
indirect enum Expression: Sendable {
    case literal(CELValue)
    case identifier(String)
    /// `operand.field`; optional: `operand.?field`.
    case select(Expression, field: String, isOptional: Bool)
    /// `has(operand.field)`
    case has(Expression, field: String)
    /// `operand[index]`; optional: `operand[?index]`.
    case index(Expression, Expression, isOptional: Bool)
    /// `function(arguments)` or `target.function(arguments)`
    case call(target: Expression?, function: String, arguments: [Expression])
    case list([Expression])
    case map([(key: Expression, value: Expression)])
    case not(Expression)
    case negate(Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
    case binary(String, Expression, Expression)
    case conditional(Expression, Expression, Expression)
    /// `range.all(variable, body)` and its kin.
    case comprehension(Comprehension, range: Expression, variable: String, filter: Expression?, body: Expression)
    /// `cel.bind(variable, value, body)`
    case bind(variable: String, value: Expression, body: Expression)
}

enum Comprehension: String, Sendable {
    case all, exists, existsOne = "exists_one", map, filter
}
