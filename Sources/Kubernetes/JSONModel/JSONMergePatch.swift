extension JSONValue {
    /// Applies a JSON Merge Patch (RFC 7386): objects are merged, `null` removes a member, anything else replaces.
    package mutating func merge(patch: JSONValue) {
        guard case .object(let changes) = patch else {
            self = patch
            return
        }
        var object = objectValue ?? JSONObject()
        self = .null
        for change in changes {
            if change.value.isNull {
                object.removeValue(forKey: change.key)
            } else {
                var value = object.removeValue(forKey: change.key) ?? .null
                value.merge(patch: change.value)
                object[change.key] = value
            }
        }
        self = .object(object)
    }

    package func merging(patch: JSONValue) -> JSONValue {
        var copy = self
        copy.merge(patch: patch)
        return copy
    }
}
