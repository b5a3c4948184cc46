import JSONModel

/// Reads the lines of one type of a `SchemaText`.
struct SchemaReader {
    /// Finds another type by the name that this one calls it.
    typealias Find = (Substring) -> Schema?

    var schema = Schema(.object)
    /// The lines that were not understood.
    var problems: [String] = []

    init(typeName: String) { schema.typeName = typeName }

    mutating func read(_ block: Substring, find: Find) {
        var isHead = true
        for bytes in block.utf8.split(separator: UInt8(ascii: "\n")) {
            let line = SchemaLine(bytes)
            guard let first = line.words.first else { continue }
            let isUnderstood = isHead ? readHead(line) : readLine(line, first, find)
            if !isUnderstood { problems.append(String(Substring(bytes))) }
            isHead = false
        }
    }

    private mutating func readHead(_ line: SchemaLine) -> Bool {
        schema.description = line.description
        return line.words.dropFirst().reduce(true) { $1.isEmpty || schema.set(option: $1) && $0 }
    }

    private mutating func readLine(_ line: SchemaLine, _ first: Substring, _ find: Find) -> Bool {
        switch first {
        case "+": take(line.words.dropFirst(), find)
        case "-": leaveOut(line.words.dropFirst())
        case "!": require(line.words.dropFirst())
        default: readField(line, first, find)
        }
    }

    private mutating func take(_ words: ArraySlice<Substring>, _ find: Find) -> Bool {
        guard let name = words.first, let other = find(name) else { return false }
        let chosen = Set(words.dropFirst().map { String($0) })
        guard chosen.allSatisfy({ other.properties[$0] != nil }) else { return false }
        let taken = chosen.isEmpty ? other.properties : other.properties.filter { chosen.contains($0.key) }
        schema.properties.merge(taken) { _, new in new }
        schema.required += other.required.filter { taken[$0] != nil && !schema.required.contains($0) }
        return true
    }

    private mutating func leaveOut(_ words: ArraySlice<Substring>) -> Bool {
        words.reduce(true) { isUnderstood, word in
            schema.required.removeAll { $0 == word }
            return schema.properties.removeValue(forKey: String(word)) != nil && isUnderstood
        }
    }

    private mutating func require(_ words: ArraySlice<Substring>) -> Bool {
        schema.required += words.map { String($0) }.filter { !schema.required.contains($0) }
        return words.allSatisfy { schema.properties[String($0)] != nil }
    }

    private mutating func readField(_ line: SchemaLine, _ first: Substring, _ find: Find) -> Bool {
        guard line.words.count > 1, var field = schema(of: line.words[1], find) else { return false }
        if !line.description.isEmpty { field.description = line.description }
        for option in line.words.dropFirst(2) {
            guard field.set(option: option) else { return false }
            if option != "nullable", !option.hasPrefix("=") { field.typeName = "" }
        }
        let name = String(first.hasSuffix("!") ? first.dropLast() : first)
        schema.properties[name] = field
        schema.required.removeAll { $0 == name }
        if first.hasSuffix("!") { schema.required.append(name) }
        return true
    }

    private func schema(of type: Substring, _ find: Find) -> Schema? {
        if let first = type.first, first == "[" || first == "{" {
            // What elements are, their type says; what they are for here, the list.
            guard let element = schema(of: type.dropFirst().dropLast(), find)?.described("") else { return nil }
            return first == "[" ? .list(of: element) : .map(of: element)
        }
        return Self.scalars[type] ?? find(type)
    }

    private static let scalars: [Substring: Schema] = [
        "string": .string, "boolean": .boolean, "integer": .integer, "number": .number, "any": .any,
        "object": .anyObject, "meta": .objectMeta, "int-or-string": .intOrString,
        "int32": Schema.integer.with { $0.format = "int32" }, "int64": Schema.integer.with { $0.format = "int64" },
        "byte": Schema.string.with { $0.format = "byte" },
        "quantity": Schema.intOrString.with { $0.format = Quantity.format },
        // Null is taken for absent: typed clients write `creationTimestamp: null`.
        "time": Schema.string.with {
            $0.format = "date-time"
            $0.isNullable = true
        },
    ]
}

extension Schema {
    /// Applies an option as `SchemaText` documents it; `false` if there is no such option.
    mutating func set(option: Substring) -> Bool {
        switch option {
        case "atomic": isAtomic = true
        case "preserve": preservesUnknownFields = true
        case "nullable": isNullable = true
        case "embedded": isEmbeddedResource = true
        case "retainKeys": retainsKeys = true
        case "set": listType = .set
        default: return set(assignment: option)
        }
        return true
    }

    private mutating func set(assignment: Substring) -> Bool {
        guard let equals = assignment.firstIndex(of: "=") else { return false }
        let value = assignment[assignment.index(after: equals)...]
        switch assignment[..<equals] {
        case "": return set(default: value)
        case "keys":
            listType = .map
            listMapKeys = value.split(separator: ",").map { String($0) }
            patchMergeKey = listMapKeys.first
        case "merge": patchMergeKey = value == "-" ? nil : String(value)
        case "enum": set(choices: value.split(separator: "|", omittingEmptySubsequences: false).map { String($0) })
        case "pattern": pattern = String(value)
        case "min": minimum = Double(value)
        case "max": maximum = Double(value)
        case "minLength": minLength = Int(value)
        case "maxLength": maxLength = Int(value)
        case "minItems": minItems = Int(value)
        case "maxItems": maxItems = Int(value)
        default: return false
        }
        return true
    }

    private mutating func set(default text: Substring) -> Bool {
        guard let value = try? JSONValue(parsing: Array(text.utf8)) else { return false }
        defaultValue = value
        return true
    }

    /// Of a list these are the choices for its elements.
    private mutating func set(choices: [String]) {
        if items.isEmpty { enumeration = choices } else { items[0].enumeration = choices }
    }
}
