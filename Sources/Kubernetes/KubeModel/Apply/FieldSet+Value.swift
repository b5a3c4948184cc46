import JSONModel

extension FieldSet {
    /// The fields that `value` sets: what a manager that applies it owns.
    ///
    /// Leaves, elements of lists, entries of maps and empty objects are members; an object with members of its own that
    /// the schema names is none.
    init(of value: JSONValue, _ schema: Schema?) {
        for (element, part) in Granularity(value, schema).parts {
            let partSchema = schema?.child(element)
            let isStructural: Bool =
                switch Granularity(part, partSchema) {
                case .leaf: false
                case .map(let object): !object.isEmpty
                case .list: true
                }
            let isNamed = if case .field(let name) = element { schema?.properties[name] != nil } else { false }
            set(element, isMember: !(isStructural && isNamed), below: FieldSet(of: part, partSchema))
        }
    }
}

/// What differs between two versions of a value.
struct Comparison {
    var added = FieldSet()
    var removed = FieldSet()
    /// Leaves that are in both with different values.
    var modified = FieldSet()

    init(from old: JSONValue, to new: JSONValue, _ schema: Schema?) {
        guard old != new else { return }
        let before = Granularity(old, schema).parts
        let after = Granularity(new, schema).parts
        let values = Dictionary(before.map { ($0.element, $0.value) }, uniquingKeysWith: { first, _ in first })
        for (element, part) in after { compare(element, values[element], part, schema?.child(element)) }
        let kept = Set(after.map(\.element))
        for (element, part) in before where !kept.contains(element) {
            compare(element, part, nil, schema?.child(element))
        }
    }

    private mutating func compare(
        _ element: PathElement, _ old: JSONValue?, _ new: JSONValue?, _ schema: Schema?
    ) {
        switch (old, new) {
        case (nil, let new?): added.set(element, isMember: true, below: FieldSet(allOf: new, schema))
        case (let old?, nil): removed.set(element, isMember: true, below: FieldSet(allOf: old, schema))
        case (let old?, let new?) where old != new: compareBoth(element, old, new, schema)
        default: break
        }
    }

    private mutating func compareBoth(_ element: PathElement, _ old: JSONValue, _ new: JSONValue, _ schema: Schema?) {
        let isModified: Bool
        switch (Granularity(old, schema), Granularity(new, schema)) {
        case (.map, .map), (.list, .list): isModified = false
        default: isModified = true
        }
        let below = Comparison(from: old, to: new, schema)
        added.set(element, isMember: false, below: below.added)
        removed.set(element, isMember: false, below: below.removed)
        modified.set(element, isMember: isModified, below: below.modified)
    }
}

extension FieldSet {
    /// Every field of `value`, objects as well as what is in them.
    fileprivate init(allOf value: JSONValue, _ schema: Schema?) {
        for (element, part) in Granularity(value, schema).parts {
            set(element, isMember: true, below: FieldSet(allOf: part, schema?.child(element)))
        }
    }
}
