/// A path that may lead to many values, in kubectl's dialect: `.spec.containers[*].name`,
/// `.status.conditions[?(@.type=="Ready")].status`.
package struct JSONPath: Sendable, Hashable {
    indirect enum Step: Sendable, Hashable {
        /// `.name`, `['name', 'other']`
        case members([String])
        /// `[0]`, `[-1, 2]`: negative ones count from the end.
        case elements([Int])
        /// `[1:3]`, `[::2]`
        case slice(from: Int?, to: Int?, by: Int)
        /// `[*]`, `.*`
        case all
        /// `..`: the value and all below it.
        case descendants
        case filter(Filter)
    }

    /// `?(@.a == "b")`; without a comparison: whether the path leads anywhere.
    struct Filter: Sendable, Hashable {
        var path: JSONPath
        var comparison: Comparison?
        var expected: Operand?
    }

    enum Comparison: String, Sendable, CaseIterable {
        case equal = "==", notEqual = "!=", atMost = "<=", atLeast = ">=", less = "<", greater = ">"
    }

    enum Operand: Sendable, Hashable {
        case value(JSONValue)
        case path(JSONPath)
    }

    var steps: [Step]

    /// Every value that the path leads to, in the order of the document; none where a field is missing.
    package func values(in value: JSONValue) -> [JSONValue] {
        var values = [value]
        for step in steps { values = values.flatMap { step.values(in: $0) } }
        return values
    }

    /// The first value that the path leads to.
    package func first(in value: JSONValue) -> JSONValue? { values(in: value).first }
}

extension JSONPath.Step {
    func values(in value: JSONValue) -> [JSONValue] {
        switch self {
        case .members(let names): names.compactMap { value[$0] }
        case .elements(let indices):
            indices.compactMap { value[$0 < 0 ? $0 + (value.arrayValue?.count ?? 0) : $0] }
        case .slice(let from, let to, let by): Self.slice(value.arrayValue ?? [], from, to, by)
        case .all: value.arrayValue ?? value.objectValue?.map(\.value) ?? []
        case .descendants: [value] + JSONPath.Step.all.values(in: value).flatMap { values(in: $0) }
        case .filter(let filter): JSONPath.Step.all.values(in: value).filter(filter.accepts)
        }
    }

    private static func slice(_ elements: [JSONValue], _ from: Int?, _ to: Int?, _ by: Int) -> [JSONValue] {
        func place(_ index: Int) -> Int { min(max(index < 0 ? index + elements.count : index, 0), elements.count) }
        let start = place(from ?? 0)
        let end = place(to ?? elements.count)
        return start < end ? stride(from: start, to: end, by: by).map { elements[$0] } : []
    }
}

extension JSONPath.Filter {
    func accepts(_ value: JSONValue) -> Bool {
        let actual = path.values(in: value)
        guard let comparison, let expected else { return !actual.isEmpty }
        let other: [JSONValue] =
            switch expected {
            case .value(let literal): [literal]
            case .path(let path): path.values(in: value)
            }
        guard let left = actual.first, let right = other.first else { return false }
        return comparison.holds(left, right)
    }
}

extension JSONPath.Comparison {
    func holds(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch self {
        case .equal: left.isEquivalent(to: right)
        case .notEqual: !left.isEquivalent(to: right)
        case .less: Self.precedes(left, right)
        case .greater: Self.precedes(right, left)
        case .atMost: Self.precedes(left, right) || left.isEquivalent(to: right)
        case .atLeast: Self.precedes(right, left) || left.isEquivalent(to: right)
        }
    }

    private static func precedes(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): left < right
        case (.number(let left), .number(let right)):
            if let left = left.double, let right = right.double { left < right } else { false }
        default: false
        }
    }
}
