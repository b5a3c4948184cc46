import JSONModel
import KubeModel

// The words the schemas of this folder are written in. Every description is one line: `kubectl explain` shows it.
extension Schema {
    static func text(_ description: String) -> Schema { .string.described(description) }
    static func flag(_ description: String) -> Schema { .boolean.described(description) }

    static func int32(_ description: String, minimum: Double? = nil, maximum: Double? = nil) -> Schema {
        whole("int32", description, minimum, maximum)
    }

    static func int64(_ description: String, minimum: Double? = nil, maximum: Double? = nil) -> Schema {
        whole("int64", description, minimum, maximum)
    }

    private static func whole(_ format: String, _ description: String, _ minimum: Double?, _ maximum: Double?) -> Schema
    {
        Schema.integer.described(description).with {
            $0.format = format
            $0.minimum = minimum
            $0.maximum = maximum
        }
    }

    /// RFC 3339; null is taken for absent, since typed clients write `creationTimestamp: null`.
    static func time(_ description: String) -> Schema {
        text(description).with {
            $0.format = "date-time"
            $0.isNullable = true
        }
    }

    static func choice(_ description: String, _ values: String...) -> Schema {
        .string(oneOf: values).described(description)
    }

    /// A list of strings, replaced as a whole.
    static func words(_ description: String) -> Schema { list(of: .string).described(description) }

    /// A map of strings to strings.
    static func strings(_ description: String) -> Schema { map(of: .string).described(description) }

    static func record(_ description: String, _ properties: [String: Schema], required: [String] = []) -> Schema {
        object(properties, required: required).described(description)
    }

    static func records(
        _ description: String, _ properties: [String: Schema], required: [String] = [], keys: [String]? = nil
    ) -> Schema {
        let item = object(properties, required: required)
        return (keys.map { list(of: item, keys: $0) } ?? list(of: item)).described(description)
    }

    /// An amount of a resource: `500m`, `2Gi`, `1`.
    static let quantity = Schema.intOrString.with { $0.format = Quantity.format }

    static func quantities(_ description: String) -> Schema { map(of: quantity).described(description) }

    /// A port's number or its name.
    static func port(_ description: String) -> Schema { intOrString.described(description) }

    /// The members of a local reference: `{name}`.
    static func reference(_ description: String, optional: Bool = true) -> Schema {
        var properties: [String: Schema] = ["name": text("Name of the object, in the same namespace.")]
        if optional { properties["optional"] = flag("Whether the object may be missing.") }
        return record(description, properties).atomic()
    }

    func nullable() -> Schema { with { $0.isNullable = true } }
    /// One value to server-side apply.
    func atomic() -> Schema { with { $0.isAtomic = true } }

    /// Adds `more` to an object's properties; the added ones win.
    func merging(_ more: [String: Schema]) -> Schema {
        with { $0.properties.merge(more) { _, added in added } }
    }

    func without(_ names: String...) -> Schema {
        with { schema in
            for name in names { schema.properties[name] = nil }
            schema.required.removeAll(where: names.contains)
        }
    }

    func requiring(_ names: String...) -> Schema { with { $0.required = names } }
}
