import JSONModel
import Yams

/// Turns composed nodes into JSON values. It counts them: aliases of aliases can make a small text grow without bound.
struct YAMLConversion {
    private static let maximumDepth = 512
    private var remaining: Int

    /// - Parameter limit: at most so many values in all documents together.
    init(limit: Int) { remaining = limit }

    mutating func value(_ node: Node, depth: Int = 0) throws(YAMLError) -> JSONValue {
        remaining -= 1
        guard remaining >= 0 else { throw Self.error("too many values; are there aliases of aliases?", node.mark) }
        guard depth <= Self.maximumDepth else {
            throw Self.error("nested deeper than \(Self.maximumDepth)", node.mark)
        }
        switch node {
        case .scalar(let scalar): return try YAMLScalar.value(scalar)
        case .sequence(let sequence):
            var elements: [JSONValue] = []
            for element in sequence { elements.append(try value(element, depth: depth + 1)) }
            return .array(elements)
        case .mapping(let mapping): return .object(try object(mapping, depth: depth))
        case .alias(let alias): throw Self.error("an alias of something unknown", alias.mark)
        }
    }

    /// Members of merged mappings (`<<`) stand behind the mapping's own.
    private mutating func object(_ mapping: Node.Mapping, depth: Int) throws(YAMLError) -> JSONObject {
        var merged = JSONObject()
        var own = JSONObject()
        for (key, node) in mapping {
            let member = try value(node, depth: depth + 1)
            guard case .scalar(let scalar) = key else { throw Self.error("a key must be a scalar", key.mark) }
            if scalar.string == "<<", YAMLScalar.isPlain(scalar) {
                try merge(member, into: &merged, at: key.mark)
            } else {
                own[try YAMLScalar.key(scalar)] = member
            }
        }
        for member in own { merged[member.key] = member.value }
        return merged
    }

    private func merge(_ value: JSONValue, into merged: inout JSONObject, at mark: Mark?) throws(YAMLError) {
        let sources = value.arrayValue ?? [value]
        for source in sources {
            guard let object = source.objectValue else {
                throw Self.error("<< takes a mapping or a list of them", mark)
            }
            for member in object where merged[member.key] == nil { merged[member.key] = member.value }
        }
    }

    static func error(_ problem: String, _ mark: Mark?) -> YAMLError {
        YAMLError(problem: problem, line: mark?.line, column: mark?.column)
    }
}
