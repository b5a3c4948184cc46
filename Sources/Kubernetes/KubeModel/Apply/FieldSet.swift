import JSONModel

/// A set of fields, as a tree: what a manager owns, what a write changed.
struct FieldSet: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        /// Whether the field itself is in the set, and not only fields below it.
        var isMember: Bool
        var below: FieldSet
    }

    /// Never holds an entry that is no member and has nothing below it.
    private(set) var entries: [PathElement: Entry] = [:]

    init() {}

    /// The set of exactly these fields; none of what is below them.
    init(_ paths: [[PathElement]]) {
        for path in paths { insert(path[...]) }
    }

    var isEmpty: Bool { entries.isEmpty }

    func has(_ element: PathElement) -> Bool { entries[element]?.isMember ?? false }
    func below(_ element: PathElement) -> FieldSet { entries[element]?.below ?? FieldSet() }

    mutating func insert(_ path: ArraySlice<PathElement>) {
        guard let first = path.first else { return }
        var entry = entries[first] ?? Entry(isMember: false, below: FieldSet())
        if path.count == 1 { entry.isMember = true } else { entry.below.insert(path.dropFirst()) }
        entries[first] = entry
    }

    /// Sets what the set says of `element` and all below it.
    mutating func set(_ element: PathElement, isMember: Bool, below: FieldSet) {
        entries[element] = isMember || !below.isEmpty ? Entry(isMember: isMember, below: below) : nil
    }

    /// Every member's path, in the order of its text.
    var paths: [[PathElement]] {
        entries.sorted { $0.key.description < $1.key.description }.flatMap { element, entry in
            (entry.isMember ? [[element]] : []) + entry.below.paths.map { [element] + $0 }
        }
    }
}

extension FieldSet {
    func union(_ other: FieldSet) -> FieldSet {
        var result = self
        for (element, entry) in other.entries {
            result.set(
                element, isMember: entry.isMember || has(element), below: below(element).union(entry.below))
        }
        return result
    }

    /// The members that are no members of `other`; what is below a member of `other` stays.
    func subtracting(_ other: FieldSet) -> FieldSet {
        var result = self
        for (element, entry) in other.entries {
            guard let own = entries[element] else { continue }
            result.set(
                element, isMember: own.isMember && !entry.isMember, below: own.below.subtracting(entry.below))
        }
        return result
    }

    func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet()
        for (element, entry) in entries {
            guard let others = other.entries[element] else { continue }
            result.set(
                element, isMember: entry.isMember && others.isMember, below: entry.below.intersection(others.below))
        }
        return result
    }

    /// With each field that the schema names and that has members below it as a member too: who owns `spec.replicas`
    /// keeps `spec`.
    func includingParents(_ schema: Schema?) -> FieldSet {
        var result = FieldSet()
        for (element, entry) in entries {
            let below = entry.below.includingParents(schema?.child(element))
            let isNamed = if case .field(let name) = element { schema?.properties[name] != nil } else { false }
            result.set(element, isMember: entry.isMember || isNamed && !below.isEmpty, below: below)
        }
        return result
    }
}

extension FieldSet {
    /// Reads `fieldsV1`; `nil` where it is malformed.
    init?(fieldsV1 json: JSONValue) {
        guard case .object(let object) = json else { return nil }
        for member in object where member.key != "." {
            guard let element = PathElement(fieldsV1: member.key), let below = FieldSet(fieldsV1: member.value) else {
                return nil
            }
            set(element, isMember: below.isEmpty || member.value["."] != nil, below: below)
        }
    }

    var fieldsV1: JSONValue {
        .object(
            JSONObject(
                entries.map { element, entry in
                    var json = entry.below.fieldsV1
                    if entry.isMember, !entry.below.isEmpty { json["."] = [:] }
                    return (element.fieldsV1, json)
                }))
    }
}

extension Schema {
    /// The schema of what `element` leads to; `nil` where this one does not say.
    func child(_ element: PathElement) -> Schema? {
        switch element {
        case .field(let name): properties[name] ?? additionalProperties.first
        case .key, .value, .index: items.first
        }
    }
}
