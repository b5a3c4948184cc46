package import JSONModel

extension Schema {
    /// Drops the fields that the schema of this resource does not know, and says which: `spec.containers[0].imgae`.
    ///
    /// Under `preservesUnknownFields` unknown fields stay, known ones are pruned all the same. `apiVersion`, `kind` and
    /// `metadata` stay, at the root and in embedded resources.
    package func prune(_ value: inout JSONValue) -> [String] {
        var pruning = Pruning()
        pruning.prune(&value, self, isResource: true)
        return pruning.dropped
    }
}

private struct Pruning {
    var path = FieldPath()
    var dropped: [String] = []

    mutating func prune(_ value: inout JSONValue, _ schema: Schema, isResource: Bool) {
        switch value {
        case .object(var object):
            guard schema.type == .object || schema.type == nil else { return }
            value = .null
            prune(&object, schema, isResource: isResource || schema.isEmbeddedResource)
            value = .object(object)
        case .array(var elements):
            guard let items = schema.items.first else { return }
            value = .null
            for index in elements.indices {
                path.steps.append(.index(index))
                prune(&elements[index], items, isResource: false)
                path.steps.removeLast()
            }
            value = .array(elements)
        default: return
        }
    }

    private mutating func prune(_ object: inout JSONObject, _ schema: Schema, isResource: Bool) {
        object.filterInPlace { key, value in
            path.steps.append(schema.step(key))
            defer { path.steps.removeLast() }
            if let member = schema.member(key, isResource: isResource) {
                prune(&value, member, isResource: false)
                return true
            }
            if schema.keepsUnknownMembers { return true }
            dropped.append(path.description)
            return false
        }
    }
}
