import JSONModel
import KubeModel

extension ResourceDefinition {
    /// A kind that Kubernetes has built in: its cells are computed, and it takes strategic merge patches.
    static func builtIn(
        _ resource: Resource, singular: String, shortNames: [String] = [], categories: [String] = [],
        hasStatus: Bool = false, scale: Scale? = nil, hasGeneration: Bool = false, columns: [PrinterColumn],
        cells: @escaping @Sendable (Object, Int64) -> [JSONValue],
        schema: @autoclosure @escaping @Sendable () -> Schema, names: NameRule,
        defaulting: @escaping @Sendable (inout Object, Object?) -> Void = { _, _ in },
        validation: @escaping @Sendable (Object, Object?) -> [Status.Cause] = { _, _ in [] },
        warnings: @escaping @Sendable (Object, Object?) -> [String] = { _, _ in [] }
    ) -> ResourceDefinition {
        ResourceDefinition(
            resource, singular: singular, shortNames: shortNames, categories: categories, hasStatus: hasStatus,
            scale: scale, hasGeneration: hasGeneration, takesStrategicMerge: true, printerColumns: columns,
            tableCells: cells, schema: schema(), defaulting: defaulting, validation: names.before(validation),
            warnings: warnings)
    }
}

extension ResourceDefinition.PrinterColumn {
    static func computed(_ name: String, type: String = "string", wide: Bool = false) -> Self {
        Self(name, "", type: type, priority: wide ? 1 : 0)
    }

    /// The columns that most built-in kinds begin and end with.
    static let name = Self("Name", "")
    static let computedAge = Self("Age", "")
}
