package import JSONModel

extension Schema {
    /// Fills in the schema's defaults as apiextensions does: where a field is missing, or null without being nullable,
    /// and the object around it exists. A default brings its own defaults along.
    ///
    /// - Parameter droppingNulls: whether null means absent also where there is no default, as for the built-in kinds,
    ///   whose Go types cannot tell the two apart.
    package func applyDefaults(_ value: inout JSONValue, droppingNulls: Bool = false) {
        switch value {
        case .object(var object):
            value = .null
            applyDefaults(&object, droppingNulls)
            value = .object(object)
        case .array(var elements):
            guard let items = items.first else { return }
            value = .null
            for index in elements.indices { items.applyDefaults(&elements[index], droppingNulls: droppingNulls) }
            value = .array(elements)
        default: return
        }
    }

    private func applyDefaults(_ object: inout JSONObject, _ droppingNulls: Bool) {
        object.filterInPlace { key, value in
            guard let member = properties[key] ?? additionalProperties.first else { return true }
            if value.isNull, !member.isNullable {
                guard let defaultValue = member.defaultValue else { return !droppingNulls }
                value = defaultValue
            }
            member.applyDefaults(&value, droppingNulls: droppingNulls)
            return true
        }
        for (key, member) in properties {
            guard var value = member.defaultValue, object[key] == nil else { continue }
            member.applyDefaults(&value, droppingNulls: droppingNulls)
            object[key] = value
        }
    }
}
