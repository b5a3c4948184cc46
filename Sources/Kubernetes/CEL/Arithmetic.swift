/// The operators between two values.
enum Arithmetic {
    static func apply(_ symbol: String, _ left: CELValue, _ right: CELValue) throws(CELError) -> CELValue {
        switch symbol {
        case "==": return .bool(left.isEqual(to: right))
        case "!=": return .bool(!left.isEqual(to: right))
        case "in": return .bool(try contains(right, left))
        case "<", "<=", ">", ">=":
            guard let order = left.order(right) else { throw mismatch(symbol, left, right) }
            return .bool(
                symbol == "<" ? order < 0 : symbol == "<=" ? order <= 0 : symbol == ">" ? order > 0 : order >= 0)
        default: return try calculate(symbol, left, right)
        }
    }

    static func negated(_ value: CELValue) throws(CELError) -> CELValue {
        switch value {
        case .int(let int) where int != .min: return .int(-int)
        case .int: throw CELError("integer overflow")
        case .double(let double): return .double(-double)
        default: throw .noOverload("-\(value.typeName)")
        }
    }

    private static func contains(_ container: CELValue, _ value: CELValue) throws(CELError) -> Bool {
        switch container {
        case .list(let elements): return elements.contains { $0.isEqual(to: value) }
        case .map(let members): return members[value.asKey] != nil
        default: throw .noOverload("in \(container.typeName)")
        }
    }

    private static func calculate(_ symbol: String, _ left: CELValue, _ right: CELValue) throws(CELError) -> CELValue {
        switch (left, right) {
        case (.int(let left), .int(let right)): return .int(try whole(symbol, left, right))
        case (.uint(let left), .uint(let right)): return .uint(try whole(symbol, left, right))
        case (.double(let left), .double(let right)):
            switch symbol {
            case "+": return .double(left + right)
            case "-": return .double(left - right)
            case "*": return .double(left * right)
            case "/": return .double(left / right)
            default: throw mismatch(symbol, .double(left), .double(right))
            }
        case (.string(let left), .string(let right)) where symbol == "+": return .string(left + right)
        case (.bytes(let left), .bytes(let right)) where symbol == "+": return .bytes(left + right)
        case (.list(let left), .list(let right)) where symbol == "+": return .list(left + right)
        case (.duration(let left), .duration(let right)): return .duration(try moment(symbol, left, right))
        case (.timestamp(let left), .duration(let right)): return .timestamp(try moment(symbol, left, right))
        case (.duration(let left), .timestamp(let right)) where symbol == "+":
            return .timestamp(try moment(symbol, left, right))
        case (.timestamp(let left), .timestamp(let right)) where symbol == "-":
            return .duration(try moment(symbol, left, right))
        default: throw mismatch(symbol, left, right)
        }
    }

    private static func moment(_ symbol: String, _ left: Int64, _ right: Int64) throws(CELError) -> Int64 {
        guard symbol == "+" || symbol == "-" else { throw CELError("no such overload: \(symbol) on times") }
        return try whole(symbol, left, right)
    }

    private static func whole<Integer: FixedWidthInteger>(_ symbol: String, _ left: Integer, _ right: Integer)
        throws(CELError) -> Integer
    {
        if symbol == "/" || symbol == "%", right == 0 {
            throw CELError(symbol == "/" ? "division by zero" : "modulus by zero")
        }
        let (result, overflows) =
            switch symbol {
            case "+": left.addingReportingOverflow(right)
            case "-": left.subtractingReportingOverflow(right)
            case "*": left.multipliedReportingOverflow(by: right)
            case "/": left.dividedReportingOverflow(by: right)
            default: left.remainderReportingOverflow(dividingBy: right)
            }
        guard !overflows else { throw CELError("integer overflow") }
        return result
    }

    private static func mismatch(_ symbol: String, _ left: CELValue, _ right: CELValue) -> CELError {
        .noOverload("\(left.typeName) \(symbol) \(right.typeName)")
    }
}
