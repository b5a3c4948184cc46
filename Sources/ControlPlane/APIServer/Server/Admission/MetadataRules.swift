import JSONModel
import KubeModel

/// What holds for the metadata of every object. That its fields have the right types is the schema's business, and what
/// names a resource takes is its definition's.
enum MetadataRules {
    private static let annotationsLimit = 256 * 1024
    private static let path = FieldPath("metadata")

    static func causes(_ object: Object, old: Object?) -> [Status.Cause] {
        var causes = old == nil ? name(object) : newFinalizers(object, old)
        causes += labels(object) + annotations(object) + finalizers(object) + owners(object)
        return causes
    }

    private static func name(_ object: Object) -> [Status.Cause] {
        NameRule.pathSegment.problem(object.name).map { [.invalid(path.field("name"), quoted(object.name), $0)] } ?? []
    }

    private static func labels(_ object: Object) -> [Status.Cause] {
        let path = path.field("labels")
        return object.labels.sorted { $0.key < $1.key }.flatMap { key, value in
            [
                NameRule.labelKey.problem(key).map { Status.Cause.invalid(path, quoted(key), $0) },
                NameRule.labelValue.problem(value).map { Status.Cause.invalid(path, quoted(value), $0) },
            ].compactMap(\.self)
        }
    }

    private static func annotations(_ object: Object) -> [Status.Cause] {
        let path = path.field("annotations")
        let annotations = object.annotations
        var causes = annotations.keys.sorted().compactMap { key in
            NameRule.labelKey.problem(key.lowercased()).map { Status.Cause.invalid(path, quoted(key), $0) }
        }
        let size = annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if size > Self.annotationsLimit {
            causes.append(
                Status.Cause(
                    reason: "FieldValueTooLong",
                    message: "Too long: may not be more than \(Self.annotationsLimit) bytes", field: path.description))
        }
        return causes
    }

    private static func finalizers(_ object: Object) -> [Status.Cause] {
        object.finalizers.compactMap { finalizer in
            NameRule.labelKey.problem(finalizer).map { .invalid(path.field("finalizers"), quoted(finalizer), $0) }
        }
    }

    /// An object that is being deleted takes no new finalizers.
    private static func newFinalizers(_ object: Object, _ old: Object?) -> [Status.Cause] {
        guard let old, old.isBeingDeleted else { return [] }
        let new = object.finalizers.filter { !old.finalizers.contains($0) }
        guard !new.isEmpty else { return [] }
        return [
            .forbidden(
                path.field("finalizers"),
                "no new finalizers can be added if the object is being deleted, found new finalizers "
                    + "\(new.joined(separator: ", "))")
        ]
    }

    private static func owners(_ object: Object) -> [Status.Cause] {
        let path = path.field("ownerReferences")
        let owners = object.json[path: "metadata", "ownerReferences"]?.arrayValue ?? []
        var causes = owners.flatMap { owner in
            ["apiVersion", "kind", "name", "uid"].filter { owner[$0]?.stringValue?.isEmpty == true }
                .map { Status.Cause.invalid(path.field($0), "\"\"", "must not be empty") }
        }
        if object.ownerReferences.count(where: \.isController) > 1 {
            causes.append(.invalid(path, "\(owners.count) items", "Only one reference can have Controller set to true"))
        }
        return causes
    }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).text }
}
