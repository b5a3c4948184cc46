import JSONModel

/// How server-side apply looks at a value: which parts of it can have owners of their own.
enum Granularity {
    /// A scalar, or a list or object that is owned as a whole.
    case leaf
    case map(JSONObject)
    /// The elements, each with what tells it apart.
    case list([(element: PathElement, value: JSONValue)])

    /// - Parameter schema: `nil` where it says nothing of the value: then objects are maps and lists are leaves.
    init(_ value: JSONValue, _ schema: Schema?) {
        switch value {
        case .object(let object) where schema?.isAtomic != true: self = .map(object)
        case .array(let elements):
            guard let schema, let elements = Self.identified(elements, schema) else {
                self = .leaf
                return
            }
            self = .list(elements)
        default: self = .leaf
        }
    }

    /// `nil` for an atomic list, and for a list with an element that cannot be told apart.
    private static func identified(
        _ elements: [JSONValue], _ schema: Schema
    ) -> [(element: PathElement, value: JSONValue)]? {
        var result: [(element: PathElement, value: JSONValue)] = []
        var seen: Set<PathElement> = []
        for value in elements {
            let element: PathElement
            switch schema.listType {
            case .set: element = .value(value)
            case .map:
                guard let identity = schema.identity(of: value) else { return nil }
                element = .key(identity)
            case .atomic, nil: return nil
            }
            if seen.insert(element).inserted { result.append((element, value)) }
        }
        return schema.listType == .set || schema.listType == .map ? result : nil
    }

    var isLeaf: Bool { if case .leaf = self { true } else { false } }

    /// The parts, by the steps to them.
    var parts: [(element: PathElement, value: JSONValue)] {
        switch self {
        case .leaf: []
        case .map(let object): object.map { (.field($0.key), $0.value) }
        case .list(let elements): elements
        }
    }
}
