/// Reads an expression, by its grammar from the weakest operator to the strongest.
struct Parser {
    /// Levels of brackets and operators in each other.
    private static let maximumDepth = 100
    /// Words and signs of one expression: long chains of operators are as deep as they are long.
    private static let maximumLength = 2_000

    private let tokens: [(token: Token, offset: Int)]
    private var index = 0
    private var depth = 0

    static func parse(_ text: String) throws(CELError) -> Expression {
        let tokens = try Lexer.tokens(text)
        guard tokens.count <= maximumLength else {
            throw CELError("the expression has more than \(maximumLength) words and signs: split it into several rules")
        }
        var parser = Parser(tokens: tokens)
        let expression = try parser.expression()
        guard parser.next == .end else { throw parser.unexpected() }
        return expression
    }

    private init(tokens: [(token: Token, offset: Int)]) { self.tokens = tokens }

    private var next: Token { tokens[min(index, tokens.count - 1)].token }

    private mutating func take(_ symbol: String) -> Bool {
        guard next == .symbol(symbol) else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(CELError) {
        guard take(symbol) else { throw unexpected("expecting '\(symbol)'") }
    }

    private func unexpected(_ expectation: String = "") -> CELError {
        let offset = tokens[min(index, tokens.count - 1)].offset
        let what =
            switch next {
            case .end: "the end"
            case .identifier(let name): "'\(name)'"
            case .literal: "a literal"
            case .symbol(let symbol): "'\(symbol)'"
            }
        return CELError("Syntax error: unexpected \(what) at character \(offset + 1) \(expectation)")
    }

    private mutating func expression() throws(CELError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw CELError("the expression is nested too deeply") }
        let condition = try disjunction()
        guard take("?") else { return condition }
        let yes = try disjunction()
        try expect(":")
        return .conditional(condition, yes, try expression())
    }

    private mutating func disjunction() throws(CELError) -> Expression {
        var left = try conjunction()
        while take("||") { left = .or(left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(CELError) -> Expression {
        var left = try binary(0)
        while take("&&") { left = .and(left, try binary(0)) }
        return left
    }

    private static let levels = [["<", "<=", ">", ">=", "==", "!=", "in"], ["+", "-"], ["*", "/", "%"]]

    private mutating func binary(_ level: Int) throws(CELError) -> Expression {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level + 1)
        while case .symbol(let symbol) = next, Self.levels[level].contains(symbol) {
            index += 1
            left = .binary(symbol, left, try binary(level + 1))
        }
        return left
    }

    private mutating func unary() throws(CELError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw CELError("the expression is nested too deeply") }
        if take("!") { return .not(try unary()) }
        guard take("-") else { return try member() }
        if case .literal(.int(let value)) = next {
            index += 1
            return try suffixes(.literal(.int(-value)))
        }
        if next == .literal(.uint(1 << 63)) {
            index += 1
            return .literal(.int(.min))
        }
        return .negate(try unary())
    }

    private mutating func member() throws(CELError) -> Expression { try suffixes(try primary()) }

    private mutating func suffixes(_ start: Expression) throws(CELError) -> Expression {
        var result = start
        while true {
            if take(".") {
                let name = try identifier()
                if take("(") {
                    result = try Macro.call(result, name, try arguments(")"))
                } else {
                    result = .select(result, field: name, isOptional: false)
                }
            } else if take(".?") {
                result = .select(result, field: try identifier(), isOptional: true)
            } else if take("[?") {
                result = .index(result, try expression(), isOptional: true)
                try expect("]")
            } else if take("[") {
                result = .index(result, try expression(), isOptional: false)
                try expect("]")
            } else {
                return result
            }
        }
    }

    private mutating func identifier() throws(CELError) -> String {
        guard case .identifier(let name) = next else { throw unexpected("expecting a name") }
        index += 1
        return name
    }

    private mutating func primary() throws(CELError) -> Expression {
        let token = next
        switch token {
        case .literal(let value):
            index += 1
            return .literal(value)
        case .identifier(let name):
            index += 1
            guard take("(") else { return .identifier(name) }
            return try Macro.call(nil, name, try arguments(")"))
        case .symbol("("):
            index += 1
            let inner = try expression()
            try expect(")")
            return inner
        case .symbol("["):
            index += 1
            return .list(try arguments("]"))
        case .symbol("{"):
            index += 1
            return .map(try entries())
        case .symbol("."):
            index += 1
            return .identifier(try identifier())
        case .symbol, .end: throw unexpected()
        }
    }

    private mutating func arguments(_ end: String) throws(CELError) -> [Expression] {
        var arguments: [Expression] = []
        while !take(end) {
            arguments.append(try expression())
            guard !take(",") else { continue }
            try expect(end)
            break
        }
        return arguments
    }

    private mutating func entries() throws(CELError) -> [(key: Expression, value: Expression)] {
        var entries: [(key: Expression, value: Expression)] = []
        while !take("}") {
            let key = try expression()
            try expect(":")
            entries.append((key, try expression()))
            guard !take(",") else { continue }
            try expect("}")
            break
        }
        return entries
    }
}

/// Calls that are words of the language and not functions.
enum Macro {
    static func call(_ target: Expression?, _ name: String, _ arguments: [Expression]) throws(CELError) -> Expression {
        switch (target, name, arguments.count) {
        case (nil, "has", 1):
            guard case .select(let operand, let field, false) = arguments[0] else {
                throw CELError("invalid argument to has() macro")
            }
            return .has(operand, field: field)
        case (.identifier("cel")?, "bind", 3):
            return .bind(variable: try variable(arguments[0]), value: arguments[1], body: arguments[2])
        case (let range?, _, 2):
            guard let kind = Comprehension(rawValue: name) else { break }
            return .comprehension(
                kind, range: range, variable: try variable(arguments[0]), filter: nil, body: arguments[1])
        case (let range?, "map", 3):
            return .comprehension(
                .map, range: range, variable: try variable(arguments[0]), filter: arguments[1], body: arguments[2])
        default: break
        }
        return .call(target: target, function: name, arguments: arguments)
    }

    private static func variable(_ expression: Expression) throws(CELError) -> String {
        guard case .identifier(let name) = expression else {
            throw CELError("the first argument of a macro must be a simple name")
        }
        return name
    }
}
