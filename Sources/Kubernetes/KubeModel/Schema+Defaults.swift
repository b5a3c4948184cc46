package import JSONModel

extension Schema {
    /// Fills in the schema's defaults as apiextensions does: where a field is missing, or null without being nullable,
    /// and the object around it exists. A default brings its own defaults along. Where a null is neither allowed nor has
    /// a default, it goes.
    ///
    /// - Parameter isBuiltIn: whether an empty text, too, means absent where only some words fit, as for the built-in
    ///   kinds, whose Go types cannot tell the two apart.
    package func applyDefaults(_ value: inout JSONValue, isBuiltIn: Bool = false) {
        switch value {
        case .object(var object):
            value = .null
            applyDefaults(&object, isBuiltIn)
            value = .object(object)
        case .array(var elements):
            guard let items = items.first else { return }
            value = .null
            for index in elements.indices { items.applyDefaults(&elements[index], isBuiltIn: isBuiltIn) }
            value = .array(elements)
        default: return
        }
    }

    private func applyDefaults(_ object: inout JSONObject, _ isBuiltIn: Bool) {
        object.filterInPlace { key, value in
            guard let member = properties[key] ?? additionalProperties.first else { return true }
            if value.isNull && !member.isNullable || isBuiltIn && member.isUnsaid(value) {
                guard let defaultValue = member.defaultValue else { return false }
                value = defaultValue
            }
            member.applyDefaults(&value, isBuiltIn: isBuiltIn)
            return true
        }
        for (key, member) in properties {
            guard var value = member.defaultValue, object[key] == nil else { continue }
            member.applyDefaults(&value, isBuiltIn: isBuiltIn)
            object[key] = value
        }
    }

    /// Whether `value` is the empty text, and that is none of the words that fit.
    private func isUnsaid(_ value: JSONValue) -> Bool {
        !enumeration.isEmpty && value == "" && !enumeration.contains("")
    }
}
