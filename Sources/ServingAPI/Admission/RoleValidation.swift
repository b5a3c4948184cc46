import JSONModel
import KubeModel

/// What must hold for a Role or ClusterRole, beyond its schema.
enum RoleValidation {
    @Sendable static func check(_ role: Object, _ old: Object?) -> [Status.Cause] {
        (role.json["rules"]?.arrayValue ?? []).enumerated().flatMap { index, rule in
            check(rule, FieldPath("rules").index(index), isNamespaced: role.namespace != nil)
        }
    }

    private static func check(_ rule: JSONValue, _ path: FieldPath, isNamespaced: Bool) -> [Status.Cause] {
        func words(_ key: String) -> [String] { rule[key]?.words ?? [] }
        var causes: [Status.Cause] = []
        if words("verbs").isEmpty {
            causes.append(.required(path.field("verbs"), "name at least one verb, such as get; * is every verb"))
        }
        let urls = words("nonResourceURLs")
        guard urls.isEmpty else {
            return causes + check(urls, rule, path.field("nonResourceURLs"), isNamespaced: isNamespaced)
        }
        for key in ["apiGroups", "resources"] where words(key).isEmpty {
            let example = key == "apiGroups" ? #""" for the core group"# : "such as pods"
            causes.append(.required(path.field(key), "a rule about resources names at least one, \(example)"))
        }
        return causes
    }

    private static func check(
        _ urls: [String], _ rule: JSONValue, _ path: FieldPath, isNamespaced: Bool
    ) -> [Status.Cause] {
        let list = JSONValue.array(urls.map { .string($0) }).text
        if isNamespaced {
            return [.invalid(path, list, "paths lie in no namespace: put this rule into a ClusterRole")]
        }
        let isMixed = ["apiGroups", "resources", "resourceNames"].contains { !(rule[$0]?.words ?? []).isEmpty }
        return isMixed ? [.invalid(path, list, "a rule is about resources or about paths, not about both")] : []
    }
}
