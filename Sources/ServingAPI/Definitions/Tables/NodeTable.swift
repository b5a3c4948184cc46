import JSONModel
import KubeModel

/// `kubectl get nodes`.
enum NodeTable {
    static let columns: [ResourceDefinition.PrinterColumn] = [
        .name, .computed("Status"), .computed("Roles"), .computedAge, .computed("Version"),
        .computed("Internal-IP", wide: true), .computed("External-IP", wide: true), .computed("OS-Image", wide: true),
        .computed("Kernel-Version", wide: true), .computed("Container-Runtime", wide: true),
    ]

    @Sendable static func cells(_ node: Object, _ now: Int64) -> [JSONValue] {
        func system(_ key: String, orElse other: String) -> JSONValue {
            let text = node["status", "nodeInfo", key]?.nonEmptyString
            return .string(text ?? other)
        }
        return [
            .string(node.name), .string(status(node)), .string(roles(node)), .string(node.age(now)),
            system("kubeletVersion", orElse: ""), address(node, "InternalIP"), address(node, "ExternalIP"),
            system("osImage", orElse: "<unknown>"), system("kernelVersion", orElse: "<unknown>"),
            system("containerRuntimeVersion", orElse: "<unknown>"),
        ]
    }

    private static func status(_ node: Object) -> String {
        let ready = node.condition("Ready").map { $0.isTrue ? "Ready" : "NotReady" } ?? "Unknown"
        return node.spec["unschedulable"] == true ? "\(ready),SchedulingDisabled" : ready
    }

    private static func roles(_ node: Object) -> String {
        let prefix = "node-role.kubernetes.io/"
        var roles = node.labels.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        if let role = node.labels["kubernetes.io/role"] { roles.append(role) }
        return Cell.orNone(roles.sorted().joined(separator: ","))
    }

    private static func address(_ node: Object, _ type: String) -> JSONValue {
        let addresses = node.status["addresses"]?.arrayValue ?? []
        return .string(Cell.orNone(addresses.first { $0["type"]?.stringValue == type }?["address"]?.stringValue))
    }
}
