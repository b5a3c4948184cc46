package import JSONModel

/// A structural schema (apiextensions v1): what a value may look like. One schema drives pruning, defaulting,
/// validation, merging, OpenAPI and `kubectl explain`.
package struct Schema: Sendable, Hashable {
    package enum ValueType: String, Sendable, Hashable {
        case object, array, string, integer, number, boolean
    }

    package enum ListType: String, Sendable, Hashable { case atomic, set, map }

    /// `nil`: any value.
    package var type: ValueType?
    /// The name of a type that several schemas share, as `io.k8s.api.core.v1.Container`; empty for what stands for itself.
    /// Schemas of one name differ in description, default and nullability at most: documents may refer to the name.
    package var typeName = ""
    package var description = ""
    package var properties: [String: Schema] = [:]
    package var required: [String] = []
    /// The schema of a map's values; at most one element (an array, since a struct cannot hold itself).
    package var additionalProperties: [Schema] = []
    /// The schema of a list's elements; at most one.
    package var items: [Schema] = []
    package var defaultValue: JSONValue?
    package var enumeration: [String] = []
    /// A regular expression that a string must match somewhere (as JSON Schema says: not anchored by itself).
    package var pattern: String?
    package var format: String?
    package var minimum: Double?
    package var maximum: Double?
    /// Counted in Unicode scalars, as Go does.
    package var minLength: Int?
    package var maxLength: Int?
    package var minItems: Int?
    package var maxItems: Int?
    package var isNullable = false
    /// `x-kubernetes-preserve-unknown-fields`.
    package var preservesUnknownFields = false
    /// `x-kubernetes-int-or-string`.
    package var isIntOrString = false
    /// `x-kubernetes-embedded-resource`: apiVersion, kind and metadata are kept.
    package var isEmbeddedResource = false
    /// `x-kubernetes-map-type: atomic`: server-side apply takes the object as one value (selectors and references).
    package var isAtomic = false
    /// `x-kubernetes-list-type`; lists are atomic unless said.
    package var listType: ListType?
    package var listMapKeys: [String] = []
    /// For strategic merge patches of built-in kinds: the key that identifies an element.
    package var patchMergeKey: String?
    /// What few schemas say, apart from the rest so that it costs the others but a word; at most one.
    package var constraints: [Constraints] = []
    /// For strategic merge patches: the patch says which members stay (`retainKeys`).
    package var retainsKeys = false

    package init(_ type: ValueType?) { self.type = type }
}

extension Schema {
    package static let string = Schema(.string)
    package static let integer = Schema(.integer)
    package static let number = Schema(.number)
    package static let boolean = Schema(.boolean)
    package static let intOrString = Schema(nil).with { $0.isIntOrString = true }
    /// Any value, kept whole.
    package static let any = Schema(nil).with { $0.preservesUnknownFields = true }
    /// An object with any members, kept whole.
    package static let anyObject = Schema(.object).with { $0.preservesUnknownFields = true }

    package static func object(_ properties: [String: Schema], required: [String] = []) -> Schema {
        Schema(.object).with {
            $0.properties = properties
            $0.required = required
        }
    }

    package static func map(of values: Schema) -> Schema { Schema(.object).with { $0.additionalProperties = [values] } }

    /// A list that is replaced as a whole, unless `with` says otherwise.
    package static func list(of items: Schema) -> Schema { Schema(.array).with { $0.items = [items] } }

    /// A list whose elements are told apart by `keys`, as server-side apply and strategic merge need it.
    package static func list(of items: Schema, keys: [String]) -> Schema {
        list(of: items).with {
            $0.listType = .map
            $0.listMapKeys = keys
            $0.patchMergeKey = keys.first
        }
    }

    package static func string(oneOf values: [String]) -> Schema { Schema(.string).with { $0.enumeration = values } }

    /// - Note: It keeps its `typeName`: a change that makes another type of it must clear that.
    package func with(_ change: (inout Schema) -> Void) -> Schema {
        var copy = self
        change(&copy)
        return copy
    }

    package func described(_ text: String) -> Schema { with { $0.description = text } }
    package func defaulting(to value: JSONValue) -> Schema { with { $0.defaultValue = value } }
}
