import JSONModel

extension Object {
    /// What is wrong with the labels, annotations, finalizers and owner references, whose forms the schema cannot say.
    package var metadataCauses: [Status.Cause] {
        labelCauses + annotationCauses + finalizerCauses + ownerCauses
    }

    private var labelCauses: [Status.Cause] {
        let path = FieldPath("metadata", "labels")
        return labels.sorted { $0.key < $1.key }.flatMap { key, value in
            [
                NameRule.labelKey.problem(key).map { .invalid(path, Self.quoted(key), $0) },
                NameRule.labelValue.problem(value).map { .invalid(path.key(key), Self.quoted(value), $0) },
            ].compactMap { (cause: Status.Cause?) in cause }
        }
    }

    private var annotationCauses: [Status.Cause] {
        let path = FieldPath("metadata", "annotations")
        let limit = 256 * 1024
        let size = annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        var causes = annotations.keys.sorted().compactMap { key in
            NameRule.labelKey.problem(key.lowercased()).map { Status.Cause.invalid(path, Self.quoted(key), $0) }
        }
        if size > limit {
            causes.append(
                Status.Cause(
                    reason: "FieldValueTooLong",
                    message: "Too long: may not have more than \(limit) bytes, has \(size)",
                    field: path.description))
        }
        return causes
    }

    private var finalizerCauses: [Status.Cause] {
        finalizers.enumerated().compactMap { index, finalizer in
            NameRule.labelKey.problem(finalizer).map {
                .invalid(FieldPath("metadata", "finalizers").index(index), Self.quoted(finalizer), $0)
            }
        }
    }

    private var ownerCauses: [Status.Cause] {
        let path = FieldPath("metadata", "ownerReferences")
        let controllers = ownerReferences.filter(\.isController)
        guard controllers.count > 1 else { return [] }
        let names = controllers.map { "\($0.kind)/\($0.name)" }.joined(separator: ", ")
        return [.invalid(path, names, "only one owner may have controller: true")]
    }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).excerpt }
}
