/// One evaluation of an expression.
struct Evaluation {
    var variables: [String: CELValue]
    /// Steps that are left.
    var budget: Int

    mutating func spend(_ steps: Int = 1) throws(CELError) {
        budget -= max(steps, 1)
        guard budget >= 0 else { throw CELError("operation cancelled: actual cost limit exceeded") }
    }

    mutating func value(_ expression: Expression) throws(CELError) -> CELValue {
        try spend()
        switch expression {
        case .literal(let value): return value
        case .identifier(let name): return variables[name] ?? .type(name)
        case .select(let operand, let field, let isOptional):
            return try select(try value(operand), .string(field), isOptional: isOptional, "no such key: \(field)")
        case .has(let operand, let field): return .bool(try has(try value(operand), field))
        case .index(let operand, let index, let isOptional):
            return try element(try value(operand), try value(index), isOptional: isOptional)
        case .call(let target, let function, let arguments): return try call(target, function, arguments)
        case .list(let elements): return .list(try values(elements))
        case .map(let entries): return try map(entries)
        case .not(let operand): return .bool(!(try bool(try value(operand), "!")))
        case .negate(let operand): return try Arithmetic.negated(try value(operand))
        case .and(let left, let right): return try junction(left, right, decidedBy: false)
        case .or(let left, let right): return try junction(left, right, decidedBy: true)
        case .binary(let symbol, let left, let right):
            let (left, right) = (try value(left), try value(right))
            try spend(left.weight + right.weight)
            return try Arithmetic.apply(symbol, left, right)
        case .conditional(let condition, let yes, let no):
            return try bool(try value(condition), "?:") ? try value(yes) : try value(no)
        case .comprehension(let kind, let range, let variable, let filter, let body):
            return try comprehension(kind, range, variable, filter, body)
        case .bind(let variable, let bound, let body):
            let inner = try value(bound)
            return try with(variable, inner) { (evaluation) throws(CELError) in try evaluation.value(body) }
        }
    }

    private mutating func values(_ expressions: [Expression]) throws(CELError) -> [CELValue] {
        var result: [CELValue] = []
        for expression in expressions { result.append(try value(expression)) }
        return result
    }

    private mutating func map(_ entries: [(key: Expression, value: Expression)]) throws(CELError) -> CELValue {
        var result: [CELValue: CELValue] = [:]
        for entry in entries { result[try value(entry.key).asKey] = try value(entry.value) }
        return .map(result)
    }

    private mutating func with(
        _ variable: String, _ inner: CELValue, _ body: (inout Evaluation) throws(CELError) -> CELValue
    ) throws(CELError) -> CELValue {
        let outer = variables[variable]
        variables[variable] = inner
        defer { variables[variable] = outer }
        return try body(&self)
    }

    func bool(_ value: CELValue, _ what: String) throws(CELError) -> Bool {
        guard case .bool(let bool) = value else { throw .noOverload("\(what) on \(value.typeName)") }
        return bool
    }

    /// `&&` and `||`: where one side decides, it does not matter that the other has no value.
    private mutating func junction(_ left: Expression, _ right: Expression, decidedBy decisive: Bool) throws(CELError)
        -> CELValue
    {
        var failure: CELError?
        for side in [left, right] {
            do throws(CELError) {
                if try bool(try value(side), decisive ? "||" : "&&") == decisive { return .bool(decisive) }
            } catch {
                guard budget >= 0 else { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return .bool(!decisive)
    }

    private func has(_ operand: CELValue, _ field: String) throws(CELError) -> Bool {
        switch operand {
        case .map(let members): return members[.string(field)] != nil
        case .optional(let inner?): return try has(inner, field)
        case .optional(nil): return false
        default: throw .noOverload("has() on \(operand.typeName)")
        }
    }

    private func select(_ operand: CELValue, _ key: CELValue, isOptional: Bool, _ missing: String) throws(CELError)
        -> CELValue
    {
        switch operand {
        case .map(let members):
            let found = members[key.asKey]
            if isOptional { return .optional(found) }
            guard let found else { throw CELError(missing) }
            return found
        case .optional(let inner):
            // What follows an optional is optional, too.
            return try inner.map { value throws(CELError) in try select(value, key, isOptional: true, missing) }
                ?? operand
        default: throw .noOverload("selection of a field of \(operand.typeName)")
        }
    }

    private func element(_ operand: CELValue, _ index: CELValue, isOptional: Bool) throws(CELError) -> CELValue {
        guard case .list(let elements) = operand else {
            if case .optional(let inner?) = operand { return try element(inner, index, isOptional: true) }
            return try select(operand, index, isOptional: isOptional, "no such key: \(Conversion.text(index))")
        }
        guard case .int(let place) = index.asKey else { throw .noOverload("list[\(index.typeName)]") }
        let found = elements.indices.contains(Int(place)) ? elements[Int(place)] : nil
        if isOptional { return .optional(found) }
        guard let found else { throw CELError("index out of bounds: \(place)") }
        return found
    }

    private mutating func call(_ target: Expression?, _ function: String, _ arguments: [Expression]) throws(CELError)
        -> CELValue
    {
        if let space = target.flatMap({ Functions.space($0, function, Set(variables.keys)) }) {
            return try apply("\(space).\(function)", nil, try values(arguments))
        }
        return try apply(
            function, try target.map { value throws(CELError) in try self.value(value) }, try values(arguments))
    }

    private mutating func apply(_ function: String, _ target: CELValue?, _ arguments: [CELValue]) throws(CELError)
        -> CELValue
    {
        let all = (target.map { [$0] } ?? []) + arguments
        try spend(all.reduce(1) { $0 + $1.weight })
        if let result = try Functions.apply(function, target, arguments) { return result }
        throw .noOverload("\(function)(\(all.map(\.typeName).joined(separator: ", ")))")
    }
}

extension Evaluation {
    private mutating func comprehension(
        _ kind: Comprehension, _ range: Expression, _ variable: String, _ filter: Expression?, _ body: Expression
    ) throws(CELError) -> CELValue {
        let elements: [CELValue]
        switch try value(range) {
        case .list(let list): elements = list
        case .map(let members): elements = members.keys.sorted { ($0.order($1) ?? 0) < 0 }
        case let other: throw .noOverload("\(kind.rawValue)() on \(other.typeName)")
        }
        let outer = variables[variable]
        defer { variables[variable] = outer }
        var results: [CELValue] = []
        var matches = 0
        var failure: CELError?
        for element in elements {
            try spend()
            variables[variable] = element
            if let filter, !(try bool(try value(filter), kind.rawValue)) { continue }
            do throws(CELError) {
                let result = try value(body)
                guard kind != .map else {
                    results.append(result)
                    continue
                }
                let holds = try bool(result, kind.rawValue)
                if kind == .all, !holds { return .bool(false) }
                if kind == .exists, holds { return .bool(true) }
                if holds { matches += 1 }
                if holds, kind == .filter { results.append(element) }
            } catch {
                // Another element may decide all the same.
                guard kind == .all || kind == .exists, budget >= 0 else { throw error }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return switch kind {
        case .all: .bool(true)
        case .exists: .bool(false)
        case .existsOne: .bool(matches == 1)
        case .map, .filter: .list(results)
        }
    }
}

extension CELValue {
    /// What it costs to look at all of the value, in steps.
    var weight: Int {
        switch self {
        case .string(let text): text.utf8.count / 10
        case .bytes(let bytes): bytes.count / 10
        case .list(let elements): elements.count
        case .map(let members): members.count
        default: 0
        }
    }
}
