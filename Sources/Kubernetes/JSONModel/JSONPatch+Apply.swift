extension JSONPatch {
    /// The document that the patch makes of `document`.
    ///
    /// Bounds what a small patch can grow to: nesting as deep as the parser allows, and a million copied values.
    package func applied(to document: JSONValue) throws(JSONPatchError) -> JSONValue {
        var run = Run(document: document)
        for (index, operation) in operations.enumerated() {
            do throws(JSONPatchError) { try run.perform(operation) } catch { throw error.at(index) }
        }
        return run.document
    }

    private struct Run {
        var document: JSONValue
        var copyBudget = 1_000_000

        mutating func perform(_ operation: Operation) throws(JSONPatchError) {
            switch operation {
            case .add(let path, let value): try add(value, at: path)
            case .remove(let path): try remove(at: path)
            case .replace(let path, let value): try replace(at: path, with: value)
            case .move(let from, let to): try move(from: from, to: to)
            case .copy(let from, let to): try copy(from: from, to: to)
            case .test(let path, let expected): try test(at: path, expected)
            }
        }

        private func test(at path: JSONPointer, _ expected: JSONValue) throws(JSONPatchError) {
            let actual = try existing(at: path)
            guard actual.isEquivalent(to: expected) else {
                throw JSONPatchError(
                    reason: "test failed: \"\(path)\" is \(actual.excerpt), not \(expected.excerpt)", isFailedTest: true
                )
            }
        }

        private mutating func move(from: JSONPointer, to: JSONPointer) throws(JSONPatchError) {
            guard !to.isInside(from) else {
                throw JSONPatchError(reason: "\"\(from)\" cannot be moved into itself, to \"\(to)\"")
            }
            let value = try existing(at: from)
            guard from != to else { return }
            try remove(at: from)
            try add(value, at: to)
        }

        private mutating func copy(from: JSONPointer, to: JSONPointer) throws(JSONPatchError) {
            let value = try existing(at: from)
            copyBudget -= value.nodeCount(upTo: copyBudget + 1)
            guard copyBudget >= 0 else { throw JSONPatchError(reason: "the patch copies too much") }
            try add(value, at: to)
        }

        private mutating func add(_ value: JSONValue, at path: JSONPointer) throws(JSONPatchError) {
            try checkDepth(value, at: path)
            try edit(path) { parent, token throws(JSONPatchError) in
                switch parent {
                case .object: parent[token] = value
                case .array(var elements):
                    let end = elements.count
                    guard let index = token == "-" ? end : JSONPointer.index(token), index <= end else {
                        throw JSONPatchError(reason: "\"\(path)\": the index must be 0 to \(end), or -")
                    }
                    parent = .null
                    elements.insert(value, at: index)
                    parent = .array(elements)
                default: throw JSONPatchError.missing(path)
                }
            } whole: {
                $0 = value
            }
        }

        private mutating func replace(at path: JSONPointer, with value: JSONValue) throws(JSONPatchError) {
            try checkDepth(value, at: path)
            _ = try existing(at: path)
            try edit(path) { parent, token throws(JSONPatchError) in
                switch parent {
                case .object: parent[token] = value
                case .array(var elements):
                    guard let index = JSONPointer.index(token), index < elements.count else {
                        throw JSONPatchError.missing(path)
                    }
                    parent = .null
                    elements[index] = value
                    parent = .array(elements)
                default: throw JSONPatchError.missing(path)
                }
            } whole: {
                $0 = value
            }
        }

        private mutating func remove(at path: JSONPointer) throws(JSONPatchError) {
            _ = try existing(at: path)
            try edit(path) { parent, token throws(JSONPatchError) in
                switch parent {
                case .object: parent[token] = nil
                case .array(var elements):
                    guard let index = JSONPointer.index(token), index < elements.count else {
                        throw JSONPatchError.missing(path)
                    }
                    parent = .null
                    elements.remove(at: index)
                    parent = .array(elements)
                default: throw JSONPatchError.missing(path)
                }
            } whole: {
                $0 = .null
            }
        }

        private func existing(at path: JSONPointer) throws(JSONPatchError) -> JSONValue {
            guard let value = document[pointer: path] else { throw JSONPatchError.missing(path) }
            return value
        }

        private func checkDepth(_ value: JSONValue, at path: JSONPointer) throws(JSONPatchError) {
            guard path.tokens.count + value.depth <= JSONParser.maximumDepth else {
                throw JSONPatchError(reason: "\"\(path)\" would be nested deeper than \(JSONParser.maximumDepth)")
            }
        }

        /// Hands `change` the parent of what `path` leads to, and the last token; `whole` the document for `""`.
        private mutating func edit(
            _ path: JSONPointer, _ change: (inout JSONValue, String) throws(JSONPatchError) -> Void,
            whole: (inout JSONValue) -> Void
        ) throws(JSONPatchError) {
            guard let last = path.tokens.last else { return whole(&document) }
            try document.descend(path.tokens.dropLast(), path) { parent throws(JSONPatchError) in
                try change(&parent, last)
            }
        }
    }
}

extension JSONPatchError {
    fileprivate static func missing(_ path: JSONPointer) -> JSONPatchError {
        JSONPatchError(reason: "\"\(path)\" does not exist")
    }
}

extension JSONValue {
    fileprivate mutating func descend(
        _ tokens: ArraySlice<String>, _ path: JSONPointer,
        _ change: (inout JSONValue) throws(JSONPatchError) -> Void
    ) throws(JSONPatchError) {
        guard let token = tokens.first else { return try change(&self) }
        switch self {
        case .object(var object):
            guard var child = object[token] else { throw JSONPatchError.missing(path) }
            self = .null
            defer { self = .object(object) }
            object[token] = .null
            defer { object[token] = child }
            try child.descend(tokens.dropFirst(), path, change)
        case .array(var elements):
            guard let index = JSONPointer.index(token), elements.indices.contains(index) else {
                throw JSONPatchError.missing(path)
            }
            self = .null
            defer { self = .array(elements) }
            try elements[index].descend(tokens.dropFirst(), path, change)
        default: throw JSONPatchError.missing(path)
        }
    }

    /// The text, cut short for messages.
    package var excerpt: String {
        let text = self.text
        return text.count <= 100 ? text : "\(text.prefix(97))..."
    }
}
