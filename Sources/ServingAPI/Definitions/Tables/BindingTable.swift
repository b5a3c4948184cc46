import JSONModel
import KubeModel

/// `kubectl get rolebindings` and `clusterrolebindings`.
enum BindingTable {
    static let columns: [ResourceDefinition.PrinterColumn] = [
        .name, .computed("Role"), .computedAge, .computed("Users", wide: true), .computed("Groups", wide: true),
        .computed("ServiceAccounts", wide: true),
    ]

    @Sendable static func cells(_ binding: Object, _ now: Int64) -> [JSONValue] {
        let role = binding.json["roleRef"]
        let title = "\(role?["kind"]?.stringValue ?? "")/\(role?["name"]?.stringValue ?? "")"
        return [
            .string(binding.name), .string(title), .string(binding.age(now)), subjects(binding, "User"),
            subjects(binding, "Group"), subjects(binding, "ServiceAccount"),
        ]
    }

    private static func subjects(_ binding: Object, _ kind: String) -> JSONValue {
        let names = (binding.json["subjects"]?.arrayValue ?? []).filter { $0["kind"]?.stringValue == kind }.map {
            let name = $0["name"]?.stringValue ?? ""
            return kind == "ServiceAccount" ? "\($0["namespace"]?.stringValue ?? "")/\(name)" : name
        }
        return .string(names.joined(separator: ", "))
    }
}
