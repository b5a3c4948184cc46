import JSONModel
import KubeModel

/// What is filled in for a RoleBinding or ClusterRoleBinding.
enum BindingDefaulting {
    static let group = "rbac.authorization.k8s.io"

    @Sendable static func apply(_ binding: inout Object, _ old: Object?) {
        binding.json.changeObject(at: "roleRef") { setGroup(&$0) }
        binding.json.mapElements(at: "subjects") { subject in
            if ["User", "Group"].contains(subject["kind"]?.stringValue ?? "") { setGroup(&subject) }
        }
    }

    private static func setGroup(_ reference: inout JSONValue) {
        if reference["apiGroup"]?.nonEmptyString == nil { reference["apiGroup"] = .string(group) }
    }
}

/// What must hold for a RoleBinding or ClusterRoleBinding, beyond its schema.
enum BindingValidation {
    @Sendable static func check(_ binding: Object, _ old: Object?) -> [Status.Cause] {
        roleRef(binding, old, FieldPath("roleRef"))
            + (binding.json["subjects"]?.arrayValue ?? []).enumerated().flatMap { index, subject in
                check(subject, FieldPath("subjects").index(index), isNamespaced: binding.namespace != nil)
            }
    }

    private static func roleRef(_ binding: Object, _ old: Object?, _ path: FieldPath) -> [Status.Cause] {
        guard let role = binding.json["roleRef"], role.objectValue != nil else { return [] }
        if let before = old?.json["roleRef"], before != role {
            return [.invalid(path, role.text, "cannot be changed: delete the binding and make a new one")]
        }
        var causes = group(role, path, BindingDefaulting.group)
        let kinds = binding.namespace == nil ? ["ClusterRole"] : ["ClusterRole", "Role"]
        if let kind = role["kind"]?.stringValue, !kinds.contains(kind) {
            causes.append(.notSupported(path.field("kind"), kind.quoted, supported: kinds))
        }
        return causes + name(role, path, "the role")
    }

    private static func check(_ subject: JSONValue, _ path: FieldPath, isNamespaced: Bool) -> [Status.Cause] {
        let kinds = ["Group", "ServiceAccount", "User"]
        switch subject["kind"]?.stringValue {
        case "User", "Group":
            return group(subject, path, BindingDefaulting.group) + name(subject, path, "the user or group")
        case "ServiceAccount":
            var causes = group(subject, path, "") + name(subject, path, "the service account")
            if !isNamespaced, subject["namespace"]?.nonEmptyString == nil {
                causes.append(.required(path.field("namespace"), "name the service account's namespace"))
            }
            return causes
        case let kind?: return [.notSupported(path.field("kind"), kind.quoted, supported: kinds)]
        case nil: return []
        }
    }

    private static func group(_ reference: JSONValue, _ path: FieldPath, _ wanted: String) -> [Status.Cause] {
        let group = reference["apiGroup"]?.stringValue ?? ""
        return group == wanted ? [] : [.notSupported(path.field("apiGroup"), group.quoted, supported: [wanted])]
    }

    private static func name(_ reference: JSONValue, _ path: FieldPath, _ what: String) -> [Status.Cause] {
        guard let name = reference["name"]?.stringValue, name.isEmpty else { return [] }
        return [.required(path.field("name"), "name \(what)")]
    }
}
