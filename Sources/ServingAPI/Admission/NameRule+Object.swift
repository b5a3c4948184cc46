import JSONModel
package import KubeModel

extension NameRule {
    /// The causes for an object's name, and for the prefix from which it was made. An object without a name is about to
    /// get it from `generateName`.
    package func check(_ object: Object) -> [Status.Cause] {
        let prefix = object.generateName ?? ""
        // What is appended makes a good end of a dash.
        let start = prefix.hasSuffix("-") ? prefix.dropLast() + "a" : prefix
        return [("generateName", prefix, String(start)), ("name", object.name, object.name)].compactMap {
            field, text, name in
            guard !text.isEmpty, let problem = problem(name) else { return nil }
            return .invalid(FieldPath("metadata", field), text.quoted, problem)
        }
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
