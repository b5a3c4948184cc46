import JSONModel

// The words that defaulting is written in.
extension JSONValue {
    /// Sets a member that is missing or null.
    mutating func setDefault(_ value: JSONValue, at keys: String...) {
        let path = keys.map { JSONStep.key($0) }
        if self[path] == nil || self[path] == .null { self[path] = value }
    }

    /// Changes each element of the list at `key`, if there is one.
    mutating func mapElements(at key: String, _ change: (inout JSONValue) -> Void) {
        guard case .array(var elements)? = self[key] else { return }
        for index in elements.indices { change(&elements[index]) }
        self[key] = .array(elements)
    }

    /// Changes the object at `key`, if there is one.
    mutating func changeObject(at key: String, _ change: (inout JSONValue) -> Void) {
        guard var value = self[key], case .object = value else { return }
        change(&value)
        self[key] = value
    }
}
