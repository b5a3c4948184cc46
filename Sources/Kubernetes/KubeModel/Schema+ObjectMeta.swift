extension Schema {
    /// `metadata` of every object (meta/v1 ObjectMeta). Also for the metadata of templates.
    package static let objectMeta: Schema = {
        let text = Schema.string.with { $0.isNullable = true }
        let time = text.with { $0.format = "date-time" }
        return Schema.object([
            "name": text.described("Identifies the object among those of its kind in its namespace."),
            "generateName": text.described("Prefix of a name that the server completes where `name` is empty."),
            "namespace": text.described("The namespace of the object; empty for cluster-scoped kinds."),
            "selfLink": text, "uid": text.described("Set by the server."),
            "resourceVersion": text.described("Changes with every write; a replace with an old one is refused."),
            "generation": Schema.integer.with { $0.isNullable = true }
                .described("Counts the changes of what is wished for."),
            "creationTimestamp": time, "deletionTimestamp": time,
            "deletionGracePeriodSeconds": Schema.integer.with { $0.isNullable = true },
            "labels": nullable(.map(of: .string)).described("Keys and values to select objects by."),
            "annotations": nullable(.map(of: .string)).described("Keys and values that are not selected by."),
            "finalizers": nullable(.list(of: .string).with { $0.listType = .set })
                .described("Who must agree before the object is removed."),
            "ownerReferences": nullable(.list(of: ownerReference, keys: ["uid"]))
                .described("The object goes when all of these are gone."),
            "managedFields": nullable(.list(of: .anyObject)).described("Who owns which field (server-side apply)."),
        ]).described("Standard object's metadata.").with { $0.typeName = metaPackage + "ObjectMeta" }
    }()

    private static let metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1."

    private static let ownerReference = Schema.object(
        [
            "apiVersion": .string, "kind": .string, "name": .string, "uid": .string, "controller": .boolean,
            "blockOwnerDeletion": .boolean,
        ], required: ["apiVersion", "kind", "name", "uid"]
    ).with {
        $0.isAtomic = true
        $0.typeName = metaPackage + "OwnerReference"
    }

    private static func nullable(_ schema: Schema) -> Schema { schema.with { $0.isNullable = true } }

    static let apiVersion = Schema.string.described("The group and version of this object's schema.")
    static let kind = Schema.string.described("What this object is.")

    /// This schema with `apiVersion`, `kind` and `metadata`, where it leaves them out: what a whole object looks like.
    package var asResource: Schema {
        let common = ["apiVersion": Schema.apiVersion, "kind": .kind, "metadata": .objectMeta]
        let missing = common.filter { properties[$0.key] == nil }
        return missing.isEmpty ? self : with { $0.properties.merge(missing) { own, _ in own } }
    }

    /// The schema of the member `key`, if this one knows it.
    ///
    /// - Parameter isResource: whether the object is a whole resource, which has the fields of `asResource`.
    func member(_ key: String, isResource: Bool) -> Schema? {
        if let property = properties[key] { return property }
        if isResource {
            switch key {
            case "metadata": return .objectMeta
            case "apiVersion": return .apiVersion
            case "kind": return .kind
            default: break
            }
        }
        return additionalProperties.first
    }

    /// How messages write the way to the member `key`.
    func step(_ key: String) -> FieldPath.Step {
        properties[key] == nil && !additionalProperties.isEmpty ? .key(key) : .field(key)
    }

    /// Whether members that the schema does not name are kept.
    var keepsUnknownMembers: Bool {
        preservesUnknownFields || type == nil && properties.isEmpty && additionalProperties.isEmpty
    }
}
