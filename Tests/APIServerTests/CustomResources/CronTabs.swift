import JSONModel
import KubeModel
import ServingAPI

@testable import APIServer

extension Resource {
    static let cronTabs = Resource(group: "stable.example.com", version: "v1", kind: "CronTab", plural: "crontabs")
}

/// The definition that Kubernetes' own documents begin with, and more.
enum CronTabs {
    static let name = "crontabs.stable.example.com"

    static var schema: JSONValue {
        [
            "type": "object",
            "properties": [
                "apiVersion": ["type": "string"], "kind": ["type": "string"], "metadata": ["type": "object"],
                "spec": [
                    "type": "object", "required": ["cronSpec"],
                    "properties": [
                        "cronSpec": ["type": "string"], "replicas": ["type": "integer", "minimum": 0, "default": 1],
                        "color": ["type": "string"],
                        "free": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
                    ],
                ],
                "status": ["type": "object", "properties": ["replicas": ["type": "integer"]]],
            ],
        ]
    }

    static var version: JSONValue {
        [
            "name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema],
            "subresources": [
                "status": [:],
                "scale": ["specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"],
            ], "selectableFields": [["jsonPath": ".spec.color"]],
        ]
    }

    static func definition(_ change: (inout Object) -> Void = { _ in }) -> Object {
        var object = Object(
            .customResourceDefinitions, name: name,
            [
                "spec": [
                    "group": "stable.example.com", "scope": "Namespaced",
                    "names": ["plural": "crontabs", "kind": "CronTab", "shortNames": ["ct"]], "versions": [version],
                ]
            ])
        change(&object)
        return object
    }

    static func object(_ name: String, _ spec: JSONValue = ["cronSpec": "* * * * 5"]) -> Object {
        Object(.cronTabs, namespace: "default", name: name, ["spec": spec])
    }
}
