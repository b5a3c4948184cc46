package import JSONModel

/// All that an API server knows about a resource: how it is named, shown, checked and stored.
package struct ResourceDefinition: Sendable {
    /// A column of `kubectl get` (as `additionalPrinterColumns` of a CustomResourceDefinition).
    package struct PrinterColumn: Sendable, Hashable {
        package var name: String
        /// `string`, `integer`, `number`, `boolean` or `date`.
        package var type: String
        /// `.status.conditions[?(@.type=='Ready')].status`
        package var jsonPath: String
        /// Columns above 0 are shown with `-o wide` only.
        package var priority: Int
        /// Empty where the column's path says enough.
        package var description = ""
        package var format = ""

        package init(_ name: String, _ jsonPath: String, type: String = "string", priority: Int = 0) {
            self.name = name
            self.type = type
            self.jsonPath = jsonPath
            self.priority = priority
        }
    }

    /// Where the scale subresource finds its numbers.
    package struct Scale: Sendable, Hashable {
        package var specReplicasPath: String
        package var statusReplicasPath: String
        package var labelSelectorPath: String?

        package init(specReplicasPath: String, statusReplicasPath: String, labelSelectorPath: String? = nil) {
            self.specReplicasPath = specReplicasPath
            self.statusReplicasPath = statusReplicasPath
            self.labelSelectorPath = labelSelectorPath
        }
    }

    /// What a resource that came with a CustomResourceDefinition has beside the others.
    package struct CustomDefinition: Sendable, Hashable {
        package var uid: String
        /// Whether the definition is being deleted: then there are no new objects.
        package var isTerminating: Bool
        /// Whether objects are stored in this version of the resource.
        package var isStorageVersion: Bool
        /// Steps to the fields that field selectors may name, beside the object's name and namespace.
        package var selectableFields: [[String]]
        /// What callers of a deprecated version are told.
        package var deprecation: String?

        package init(
            uid: String, isTerminating: Bool, isStorageVersion: Bool, selectableFields: [[String]],
            deprecation: String?
        ) {
            self.uid = uid
            self.isTerminating = isTerminating
            self.isStorageVersion = isStorageVersion
            self.selectableFields = selectableFields
            self.deprecation = deprecation
        }
    }

    package var resource: Resource
    package var singular: String
    package var shortNames: [String]
    package var categories: [String]
    /// Whether status is written by a subresource of its own, and ignored in other writes.
    package var hasStatus: Bool
    package var scale: Scale?
    /// Whether `metadata.generation` counts changes of everything but metadata and status.
    package var hasGeneration: Bool
    /// Whether PATCH takes strategic merge patches: built-in kinds only.
    package var takesStrategicMerge: Bool
    package var printerColumns: [PrinterColumn]
    /// The cells of one row of `kubectl get`, one for each of `printerColumns`, where they are more than paths; `now` is
    /// in seconds since 1970. Such kinds list their Name among the columns; for the others, whose cells are read by
    /// `jsonPath`, the name comes before them.
    package var tableCells: (@Sendable (_ object: Object, _ now: Int64) -> [JSONValue])?
    /// Asked for where it is needed first, so that kinds that nobody uses cost nothing.
    package var schema: Schema { makeSchema() }
    private let makeSchema: @Sendable () -> Schema
    /// Fills in what was left out; `old` is `nil` for a create. Runs after the schema's defaults.
    package var defaulting: @Sendable (_ object: inout Object, _ old: Object?) -> Void
    /// Fills in what settings say, in an object that is being created, before `defaulting`; `find` is a ConfigMap by its
    /// key.
    package var settling: (@Sendable (_ object: inout Object, _ find: (ObjectKey) -> Object?) -> Void)?
    /// What is wrong with the object by settings; `find` as above. Runs where an object is created or changed by a user.
    package var limits: Limits?
    package typealias Limits =
        @Sendable (_ object: Object, _ old: Object?, _ find: (ObjectKey) -> Object?) -> [Status.Cause]
    /// The CustomResourceDefinition behind the resource; `nil` for those that are built in.
    package var customDefinition: CustomDefinition?
    /// Everything that is wrong with the object, at once. Runs after the schema's validation.
    package var validation: @Sendable (_ object: Object, _ old: Object?) -> [Status.Cause]
    /// What the one who writes the object should know, although it is not wrong: told in Warning headers.
    package var warnings: @Sendable (_ object: Object, _ old: Object?) -> [String]

    package init(
        _ resource: Resource, singular: String, shortNames: [String] = [], categories: [String] = [],
        hasStatus: Bool = false, scale: Scale? = nil, hasGeneration: Bool = true, takesStrategicMerge: Bool = false,
        printerColumns: [PrinterColumn] = [],
        tableCells: (@Sendable (_ object: Object, _ now: Int64) -> [JSONValue])? = nil,
        schema: @autoclosure @escaping @Sendable () -> Schema,
        defaulting: @escaping @Sendable (inout Object, Object?) -> Void = { _, _ in },
        settling: (@Sendable (inout Object, (ObjectKey) -> Object?) -> Void)? = nil,
        limits: Limits? = nil,
        validation: @escaping @Sendable (Object, Object?) -> [Status.Cause] = { _, _ in [] },
        warnings: @escaping @Sendable (Object, Object?) -> [String] = { _, _ in [] }
    ) {
        self.resource = resource
        self.singular = singular
        self.shortNames = shortNames
        self.categories = categories
        self.hasStatus = hasStatus
        self.scale = scale
        self.hasGeneration = hasGeneration
        self.takesStrategicMerge = takesStrategicMerge
        self.printerColumns = printerColumns
        self.tableCells = tableCells
        makeSchema = schema
        self.defaulting = defaulting
        self.settling = settling
        self.limits = limits
        self.validation = validation
        self.warnings = warnings
    }
}
