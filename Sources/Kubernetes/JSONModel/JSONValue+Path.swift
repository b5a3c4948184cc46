/// One step into a value: a key of an object or an index of an array.
package enum JSONStep: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case key(String)
    case index(Int)

    package init(stringLiteral value: String) { self = .key(value) }
    package init(integerLiteral value: Int) { self = .index(value) }
}

extension JSONValue {
    /// The member named `key`; `nil` where there is none or this is no object. Setting `nil` removes the member;
    /// setting a member of anything else than an object makes it one.
    package subscript(key: String) -> JSONValue? {
        get { objectValue?[key] }
        set {
            var object = JSONObject()
            if case .object(let existing) = self { object = existing }
            self = .null
            object[key] = newValue
            self = .object(object)
        }
    }

    /// The element at `index`; `nil` where there is none or this is no array.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The value that `path` leads to. Setting makes the objects on the way; setting `nil` removes the last member and
    /// makes nothing. An index on the way that does not exist makes setting a no-op.
    package subscript(path: [JSONStep]) -> JSONValue? {
        get { value(at: path[...]) }
        set { set(newValue, at: path[...]) }
    }

    /// Shorthand for a path of keys: `value[path: "spec", "replicas"]`.
    package subscript(path keys: String...) -> JSONValue? {
        get { value(at: keys.map { .key($0) }[...]) }
        set { set(newValue, at: keys.map { .key($0) }[...]) }
    }

    private func value(at path: ArraySlice<JSONStep>) -> JSONValue? {
        guard let step = path.first else { return self }
        let child: JSONValue? =
            switch step {
            case .key(let key): self[key]
            case .index(let index): self[index]
            }
        return child?.value(at: path.dropFirst())
    }

    private mutating func set(_ newValue: JSONValue?, at path: ArraySlice<JSONStep>) {
        guard let step = path.first else {
            self = newValue ?? .null
            return
        }
        switch step {
        case .key(let key):
            if path.count == 1 {
                if newValue != nil || self[key] != nil { self[key] = newValue }
                return
            }
            if newValue == nil, self[key] == nil { return }
            var child = self[key] ?? .object([:])
            child.set(newValue, at: path.dropFirst())
            self[key] = child
        case .index(let index):
            guard case .array(var elements) = self, elements.indices.contains(index) else { return }
            self = .null
            if path.count == 1, newValue == nil {
                elements.remove(at: index)
            } else {
                elements[index].set(newValue, at: path.dropFirst())
            }
            self = .array(elements)
        }
    }
}
