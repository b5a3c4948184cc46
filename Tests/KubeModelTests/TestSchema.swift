import JSONModel
import KubeModel

/// A schema with every kind of list and map, shaped like a workload's.
enum TestSchema {
    static let container = Schema.object(
        [
            "name": .string, "image": .string, "args": .list(of: .string), "command": .list(of: .string),
            "env": .list(of: .object(["name": .string, "value": .string], required: ["name"]), keys: ["name"]),
            "ports": .list(
                of: .object(
                    [
                        "containerPort": .integer.with {
                            $0.minimum = 1
                            $0.maximum = 65535
                        }, "name": .string,
                        "protocol": .string(oneOf: ["TCP", "UDP"]).defaulting(to: "TCP"),
                    ], required: ["containerPort"]), keys: ["containerPort", "protocol"]),
            "resources": .object([
                "limits": .map(of: .intOrString.with { $0.format = "quantity" }),
                "requests": .map(of: .intOrString),
            ]),
        ], required: ["name"])

    static let workload = Schema.object([
        "spec": .object(
            [
                "replicas": .integer.defaulting(to: 1),
                "selector": Schema.object(["matchLabels": .map(of: .string)]).with { $0.isAtomic = true },
                "strategy": .object([
                    "type": .string(oneOf: ["Recreate", "RollingUpdate"]).defaulting(to: "RollingUpdate"),
                    "maxSurge": .intOrString,
                ]).defaulting(to: [:]),
                "containers": .list(of: container, keys: ["name"]).with { $0.minItems = 1 },
                "names": .list(of: .string).with { $0.listType = .set },
                "free": .anyObject,
                "template": Schema.object(["spec": .object(["size": .integer])]).with { $0.isEmbeddedResource = true },
                "paused": .boolean, "note": .string.with { $0.isNullable = true }, "weight": .number,
            ], required: ["containers"]),
        "status": .object(["phase": .string, "ready": .integer]),
    ])

    static func workload(_ spec: JSONValue, name: String = "web") -> Object {
        Object([
            "apiVersion": "test/v1", "kind": "Workload", "metadata": ["name": .string(name), "namespace": "default"],
            "spec": spec,
        ])
    }
}

extension JSONValue {
    /// Fixtures as text.
    init(_ text: String) throws { try self.init(parsing: text) }
}
