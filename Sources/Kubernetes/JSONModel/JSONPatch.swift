/// A JSON Patch (RFC 6902): operations that all succeed, or none takes effect.
package struct JSONPatch: Sendable, Hashable {
    package enum Operation: Sendable, Hashable {
        case add(JSONPointer, JSONValue)
        case remove(JSONPointer)
        case replace(JSONPointer, JSONValue)
        case move(from: JSONPointer, to: JSONPointer)
        case copy(from: JSONPointer, to: JSONPointer)
        case test(JSONPointer, JSONValue)
    }

    /// A patch with more operations is refused, as Kubernetes does.
    package static let maximumOperations = 10_000

    package var operations: [Operation]

    package init(_ operations: [Operation]) { self.operations = operations }

    /// Reads the patch document: an array of `{"op": ..., "path": ..., "value" or "from": ...}`.
    package init(_ json: JSONValue) throws(JSONPatchError) {
        guard case .array(let elements) = json else {
            throw JSONPatchError(reason: "a JSON patch must be an array of operations, not \(json.typeName)")
        }
        guard elements.count <= Self.maximumOperations else {
            throw JSONPatchError(
                reason: "a JSON patch may have \(Self.maximumOperations) operations at most, this has \(elements.count)"
            )
        }
        operations = []
        for (index, element) in elements.enumerated() {
            do throws(JSONPatchError) { operations.append(try Operation(element)) } catch { throw error.at(index) }
        }
    }
}

/// Why a JSON patch cannot be read or applied.
package struct JSONPatchError: Error, Sendable, Hashable, CustomStringConvertible {
    package var reason: String
    /// The operation that failed, counted from 0; `nil` where the patch as a whole is wrong.
    package var index: Int?
    /// A `test` operation found another value: the patch is fine, the document is not as expected.
    package var isFailedTest = false

    package var description: String { index.map { "operation \($0): \(reason)" } ?? reason }

    func at(_ index: Int) -> JSONPatchError {
        var copy = self
        copy.index = index
        return copy
    }
}

extension JSONPatch.Operation {
    init(_ json: JSONValue) throws(JSONPatchError) {
        guard case .object(let members) = json else {
            throw JSONPatchError(reason: "an operation must be an object, not \(json.typeName)")
        }
        guard let op = members["op"]?.stringValue else { throw JSONPatchError(reason: "\"op\" is missing") }
        let path = try Self.pointer(members, "path")
        switch op {
        case "add": self = .add(path, try Self.value(members, op))
        case "remove": self = .remove(path)
        case "replace": self = .replace(path, try Self.value(members, op))
        case "move": self = .move(from: try Self.pointer(members, "from"), to: path)
        case "copy": self = .copy(from: try Self.pointer(members, "from"), to: path)
        case "test": self = .test(path, try Self.value(members, op))
        default:
            throw JSONPatchError(
                reason: "\"op\" must be one of add, remove, replace, move, copy, test; it is \"\(op)\"")
        }
    }

    private static func pointer(_ members: JSONObject, _ key: String) throws(JSONPatchError) -> JSONPointer {
        guard let text = members[key]?.stringValue else { throw JSONPatchError(reason: "\"\(key)\" is missing") }
        guard let pointer = JSONPointer(parsing: text) else {
            throw JSONPatchError(
                reason: "\"\(key)\" is not a JSON pointer: \"\(text)\" (write /a/b, with ~1 for / and ~0 for ~)")
        }
        return pointer
    }

    private static func value(_ members: JSONObject, _ op: String) throws(JSONPatchError) -> JSONValue {
        guard let value = members["value"] else { throw JSONPatchError(reason: "\"\(op)\" needs a \"value\"") }
        return value
    }
}
