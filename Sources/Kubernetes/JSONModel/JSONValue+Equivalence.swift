extension JSONValue {
    /// Whether both are the same JSON value: as `==`, but numbers are compared by size (`1` is `1.0`), as JSON Patch's
    /// `test` and schemas' `enum` want it.
    package func isEquivalent(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): left.isEquivalent(to: right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isEquivalent(to: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.key == $1.key && $0.value.isEquivalent(to: $1.value) }
        default: self == other
        }
    }

    /// Levels of arrays and objects: 0 for a scalar, 1 for `[]`.
    package var depth: Int {
        switch self {
        case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
        case .object(let object): 1 + (object.map(\.value.depth).max() ?? 0)
        default: 0
        }
    }

    /// How many values there are in this one, itself included, counted up to `limit`.
    package func nodeCount(upTo limit: Int) -> Int {
        var count = 1
        switch self {
        case .array(let elements):
            for element in elements where count < limit { count += element.nodeCount(upTo: limit - count) }
        case .object(let object):
            for member in object where count < limit { count += member.value.nodeCount(upTo: limit - count) }
        default: break
        }
        return count
    }
}

extension JSONNumber {
    /// Whether both are the same size. Whole numbers are compared exactly, others as `Double`s.
    package func isEquivalent(to other: JSONNumber) -> Bool {
        if literal == other.literal { return true }
        if isWholeLiteral, other.isWholeLiteral, literal != "-0", other.literal != "-0" { return false }
        guard let left = double, let right = other.double else { return false }
        return left == right
    }

    private var isWholeLiteral: Bool {
        literal.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
