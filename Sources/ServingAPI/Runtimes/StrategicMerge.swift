import JSONModel
import KubeModel

/// Lays one value over another of the same schema, as Kubernetes' strategic merge does: objects member by member, lists
/// of named things element by element, all else replaced. Null takes a member away.
///
/// Here for runtimes and the services that use them; directives (`$patch`) are not part of that.
enum StrategicMerge {
    static func merge(_ base: JSONValue, _ overlay: JSONValue, _ schema: Schema?) -> JSONValue {
        switch (base, overlay) {
        case (.object(let base), .object(let overlay)): .object(merge(base, overlay, schema))
        case (.array(let base), .array(let overlay)):
            schema?.patchMergeKey.map { .array(merge(base, overlay, by: $0, schema?.items.first)) } ?? .array(overlay)
        default: overlay
        }
    }

    private static func merge(_ base: JSONObject, _ overlay: JSONObject, _ schema: Schema?) -> JSONObject {
        var result = base
        for member in overlay {
            if member.value.isNull {
                result[member.key] = nil
                continue
            }
            let schema = schema?.properties[member.key] ?? schema?.additionalProperties.first
            result[member.key] = result[member.key].map { merge($0, member.value, schema) } ?? member.value
        }
        return result
    }

    /// Elements of the base keep their places, new ones follow.
    private static func merge(
        _ base: [JSONValue], _ overlay: [JSONValue], by key: String, _ schema: Schema?
    ) -> [JSONValue] {
        var result = base
        for element in overlay {
            if let index = result.firstIndex(where: { $0[key] == element[key] }), element[key] != nil {
                result[index] = merge(result[index], element, schema)
            } else {
                result.append(element)
            }
        }
        return result
    }
}
