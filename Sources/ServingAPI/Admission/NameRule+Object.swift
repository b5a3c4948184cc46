import JSONModel
import KubeModel

extension NameRule {
    /// The causes for an object's name. An object without one is about to get it from `generateName`.
    func check(_ object: Object) -> [Status.Cause] {
        guard !object.name.isEmpty, let problem = problem(object.name) else { return [] }
        return [.invalid(FieldPath("metadata", "name"), object.name.quoted, problem)]
    }

    /// A validation that checks the name, then does `validation`.
    func before(
        _ validation: @escaping @Sendable (Object, Object?) -> [Status.Cause]
    ) -> @Sendable (Object, Object?) -> [Status.Cause] {
        { object, old in (old == nil ? check(object) : []) + validation(object, old) }
    }
}

extension String {
    /// As messages show a text: in quotes, escaped.
    var quoted: String { JSONValue.string(self).text }
}
