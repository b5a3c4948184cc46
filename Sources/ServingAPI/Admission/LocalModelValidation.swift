import JSONModel
import KubeModel

/// What must hold for the kinds that keep models on nodes, beyond their schemas.
enum LocalModelValidation {
    @Sendable static func check(_ cache: Object, _ old: Object?) -> [Status.Cause] {
        guard let before = old?.spec["sourceModelUri"], let now = cache.spec["sourceModelUri"], now != before else {
            return []
        }
        let why = "cannot be changed: a cache keeps one model; delete it and make a new one"
        return [.invalid(FieldPath("spec", "sourceModelUri"), now.text, why)]
    }
}

/// What must hold for a ClusterStorageContainer, beyond its schema.
enum StorageContainerValidation {
    @Sendable static func check(_ container: Object, _ old: Object?) -> [Status.Cause] {
        let path = FieldPath("spec", "supportedUriFormats")
        return (container.spec["supportedUriFormats"]?.arrayValue ?? []).enumerated().flatMap { index, format in
            check(format, path.index(index))
        }
    }

    private static func check(_ format: JSONValue, _ path: FieldPath) -> [Status.Cause] {
        let given = ["prefix", "regex"].filter { format[$0]?.nonEmptyString != nil }
        guard given.count == 1 else {
            return [.required(path, "give prefix or regex, not \(given.isEmpty ? "neither" : "both")")]
        }
        guard let regex = format["regex"]?.nonEmptyString, (try? Regex(regex)) == nil else { return [] }
        return [.invalid(path.field("regex"), regex.quoted, "is no regular expression")]
    }
}
