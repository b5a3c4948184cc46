import JSONModel

extension JSONValue {
    /// `self` with all that `applied` sets: objects and identified lists are merged, everything else is replaced.
    func merging(applied: JSONValue, _ schema: Schema?) -> JSONValue {
        switch (Granularity(self, schema), Granularity(applied, schema)) {
        case (.map(var live), .map(let applied)):
            for member in applied {
                live[member.key] =
                    live[member.key]?.merging(applied: member.value, schema?.child(.field(member.key)))
                    ?? member.value
            }
            return .object(live)
        case (.list(let live), .list(let applied)):
            return .array(Self.merging(live, applied, schema?.items.first))
        default: return applied
        }
    }

    private typealias Elements = [(element: PathElement, value: JSONValue)]

    /// The elements in the order of `applied`; each that only `live` has stays before the shared one that follows it.
    private static func merging(_ live: Elements, _ applied: Elements, _ schema: Schema?) -> [JSONValue] {
        let liveValues = Dictionary(live.map { ($0.element, $0.value) }, uniquingKeysWith: { first, _ in first })
        let appliedElements = Set(applied.map(\.element))
        var shared = applied.map(\.element).filter { liveValues[$0] != nil }[...]
        var rest = live[...]
        var result: [JSONValue] = []
        func takeLive() {
            while let next = rest.first, next.element != shared.first {
                if !appliedElements.contains(next.element) { result.append(next.value) }
                rest = rest.dropFirst()
            }
        }
        for (element, value) in applied {
            takeLive()
            result.append(liveValues[element]?.merging(applied: value, schema) ?? value)
            if element == shared.first { shared = shared.dropFirst() }
        }
        takeLive()
        return result
    }

    /// `self` without the fields in `fields`. An object or list that loses everything stays, empty.
    func removing(_ fields: FieldSet, _ schema: Schema?) -> JSONValue {
        guard !fields.isEmpty else { return self }
        switch Granularity(self, schema) {
        case .leaf: return self
        case .map(var object):
            object.filterInPlace { key, value in
                let element = PathElement.field(key)
                if fields.has(element) { return false }
                value = value.removing(fields.below(element), schema?.child(element))
                return true
            }
            return .object(object)
        case .list(let elements):
            return .array(
                elements.compactMap { element, value in
                    fields.has(element)
                        ? nil : value.removing(fields.below(element), schema?.child(element))
                })
        }
    }
}
