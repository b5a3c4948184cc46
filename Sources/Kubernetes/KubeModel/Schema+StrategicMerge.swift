package import JSONModel

extension Schema {
    /// Kubernetes' own merge: objects are merged, `null` removes a field, lists with a `patchMergeKey` are merged element
    /// by element, sets are united, other lists are replaced.
    ///
    /// Directives: `$patch: replace | delete | merge`, `$retainKeys`, `$deleteFromPrimitiveList/<list>` and
    /// `$setElementOrder/<list>`. Also for merging containers, with the schema of a container.
    ///
    /// - Throws: 400 where the patch cannot be understood: an element without its merge key, an unknown directive.
    package func strategicMerge(_ patch: JSONValue, into original: JSONValue) throws(Status) -> JSONValue {
        try StrategicMerge.merge(patch, into: original, self)
    }
}

/// - Note: A schema of `nil` says nothing: objects are merged and lists replaced.
private enum StrategicMerge {
    static func merge(_ patch: JSONValue, into original: JSONValue?, _ schema: Schema?) throws(Status) -> JSONValue {
        switch patch {
        case .object(let changes): .object(try merge(changes, into: original?.objectValue ?? JSONObject(), schema))
        case .array(let changes):
            if let schema, let key = schema.patchMergeKey {
                .array(
                    placed(
                        try merge(changes, into: original?.arrayValue ?? [], by: key, schema.items.first),
                        as: changes, over: original?.arrayValue ?? [], by: key))
            } else if schema?.listType == .set {
                .array(
                    placed(
                        united(original?.arrayValue ?? [], changes), as: changes,
                        over: original?.arrayValue ?? [], by: nil))
            } else {
                .array(changes)
            }
        default: patch
        }
    }

    private static func merge(
        _ patch: JSONObject, into original: JSONObject, _ schema: Schema?
    ) throws(Status) -> JSONObject {
        var changes = patch
        var result = original
        switch changes.removeValue(forKey: "$patch") {
        case nil, "merge": break
        case "replace": return try merge(changes, into: JSONObject(), schema)
        case "delete": return JSONObject()
        case let directive?: throw .badRequest("$patch must be merge, replace or delete, not \(directive.text)")
        }
        if let kept = changes.removeValue(forKey: "$retainKeys")?.arrayValue {
            result.filterInPlace { key, _ in kept.contains(.string(key)) }
        }
        let directives = takeListDirectives(&changes)
        for (list, values) in directives.deletions { remove(values, from: &result, list) }
        for change in changes {
            let member = schema?.child(.field(change.key))
            result[change.key] =
                change.value.isNull ? nil : try merge(change.value, into: result[change.key], member)
        }
        for (list, order) in directives.orders {
            guard let elements = result[list]?.arrayValue else { continue }
            let key = schema?.child(.field(list))?.patchMergeKey
            result[list] = .array(placed(elements, as: order, over: original[list]?.arrayValue ?? [], by: key))
        }
        return result
    }

    private typealias ListDirectives = (deletions: [String: [JSONValue]], orders: [String: [JSONValue]])

    private static func takeListDirectives(_ changes: inout JSONObject) -> ListDirectives {
        var directives: ListDirectives = ([:], [:])
        changes.filterInPlace { key, value in
            guard key.hasPrefix("$"), let slash = key.firstIndex(of: "/") else { return true }
            let list = String(key[key.index(after: slash)...])
            switch key[..<slash] {
            case "$deleteFromPrimitiveList": directives.deletions[list] = value.arrayValue
            case "$setElementOrder": directives.orders[list] = value.arrayValue
            default: return true
            }
            return false
        }
        return directives
    }

    private static func remove(_ values: [JSONValue], from object: inout JSONObject, _ list: String) {
        guard let elements = object[list]?.arrayValue else { return }
        object[list] = .array(elements.filter { !values.contains($0) })
    }

    private static func merge(
        _ patch: [JSONValue], into original: [JSONValue], by key: String, _ schema: Schema?
    ) throws(Status) -> [JSONValue] {
        var result = patch.contains { $0["$patch"] == "replace" } ? [] : original
        for change in patch {
            let directive = change["$patch"]
            guard let value = change[key], !value.isNull else {
                if directive == "replace" { continue }
                throw .badRequest("an element of a list that is merged by \"\(key)\" must have it: \(change.excerpt)")
            }
            let index = result.firstIndex { $0[key] == value }
            if directive == "delete" {
                result.removeAll { $0[key] == value }
            } else if let index {
                result[index] = try merge(change, into: result[index], schema)
            } else {
                result.append(try merge(change, into: nil, schema))
            }
        }
        return result
    }

    private static func united(_ original: [JSONValue], _ added: [JSONValue]) -> [JSONValue] {
        original + added.filter { !original.contains($0) }
    }

    /// The elements in Kubernetes' order: those that `order` names stand in its order, the others in that of `original`;
    /// where the two meet, elements that were in `original` keep its order, and new ones come first.
    private static func placed(
        _ elements: [JSONValue], as order: [JSONValue], over original: [JSONValue], by key: String?
    ) -> [JSONValue] {
        func rank(_ element: JSONValue, in list: [JSONValue]) -> Int? {
            list.firstIndex { item in key.map { item[$0] == element[$0] } ?? (item == element) }
        }
        let ranked = elements.map { (element: $0, wished: rank($0, in: order), was: rank($0, in: original)) }
        var named = ranked.filter { $0.wished != nil }.sorted { ($0.wished ?? 0) < ($1.wished ?? 0) }[...]
        var others = ranked.filter { $0.wished == nil }.sorted { ($0.was ?? 0) < ($1.was ?? 0) }[...]
        var result: [JSONValue] = []
        while let left = named.first, let right = others.first {
            let isBehind = if let was = left.was, let other = right.was { was > other } else { false }
            result.append(isBehind ? right.element : left.element)
            if isBehind { others.removeFirst() } else { named.removeFirst() }
        }
        return result + (named + others).map(\.element)
    }
}
