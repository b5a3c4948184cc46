/// What can be asked of a list.
enum ListFunctions {
    static func apply(_ name: String, _ elements: [CELValue], _ rest: [CELValue]) throws(CELError) -> CELValue? {
        switch (name, rest.first) {
        case ("isSorted", nil):
            return .bool(zip(elements, elements.dropFirst()).allSatisfy { ($0.order($1) ?? 1) <= 0 })
        case ("sum", nil): return try sum(elements)
        case ("min", nil), ("math.least", nil): return try extreme(elements, isMaximum: false, name)
        case ("max", nil), ("math.greatest", nil): return try extreme(elements, isMaximum: true, name)
        case ("indexOf", let value?):
            return .int(Int64(elements.firstIndex { $0.isEqual(to: value) } ?? -1))
        case ("lastIndexOf", let value?):
            return .int(Int64(elements.lastIndex { $0.isEqual(to: value) } ?? -1))
        case ("join", let separator): return try joined(elements, separator)
        case ("distinct", nil): return .list(distinct(elements))
        case ("reverse", nil): return .list(elements.reversed())
        case ("flatten", nil): return .list(elements.flatMap { if case .list(let inner) = $0 { inner } else { [$0] } })
        case ("first", nil): return .optional(elements.first)
        case ("last", nil): return .optional(elements.last)
        case ("slice", .int(let from)?): return try slice(elements, from, rest)
        case ("sets.contains", .list(let others)?):
            return .bool(others.allSatisfy { other in elements.contains { $0.isEqual(to: other) } })
        case ("sets.intersects", .list(let others)?):
            return .bool(others.contains { other in elements.contains { $0.isEqual(to: other) } })
        case ("sets.equivalent", .list(let others)?):
            return .bool(
                others.allSatisfy { other in elements.contains { $0.isEqual(to: other) } }
                    && elements.allSatisfy { element in others.contains { $0.isEqual(to: element) } })
        default: return nil
        }
    }

    static func extreme(_ elements: [CELValue], isMaximum: Bool) -> CELValue? {
        elements.dropFirst().reduce(elements.first) { best, element in
            guard let best, let order = best.order(element) else { return nil }
            return (isMaximum ? order < 0 : order > 0) ? element : best
        }
    }

    private static func extreme(_ elements: [CELValue], isMaximum: Bool, _ name: String) throws(CELError) -> CELValue? {
        guard !elements.isEmpty else { throw CELError("\(name) called on empty list") }
        return extreme(elements, isMaximum: isMaximum)
    }

    private static func sum(_ elements: [CELValue]) throws(CELError) -> CELValue {
        guard var total = elements.first else { return .int(0) }
        for element in elements.dropFirst() { total = try Arithmetic.apply("+", total, element) }
        return total
    }

    private static func joined(_ elements: [CELValue], _ separator: CELValue?) throws(CELError) -> CELValue? {
        var texts: [String] = []
        for element in elements {
            guard case .string(let text) = element else { return nil }
            texts.append(text)
        }
        if let separator {
            guard case .string(let text) = separator else { return nil }
            return .string(texts.joined(separator: text))
        }
        return .string(texts.joined())
    }

    private static func distinct(_ elements: [CELValue]) -> [CELValue] {
        elements.reduce(into: []) { result, element in
            if !result.contains(where: { $0.isEqual(to: element) }) { result.append(element) }
        }
    }

    private static func slice(_ elements: [CELValue], _ from: Int64, _ rest: [CELValue]) throws(CELError) -> CELValue? {
        guard rest.count == 2, case .int(let to) = rest[1] else { return nil }
        guard from >= 0, from <= to, to <= elements.count else {
            throw CELError("index out of range: \(from) to \(to)")
        }
        return .list(Array(elements[Int(from)..<Int(to)]))
    }
}
