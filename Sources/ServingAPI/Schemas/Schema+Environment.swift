import KubeModel

extension Schema {
    /// `env` of a container.
    static let environment = records(
        "Environment variables.",
        [
            "name": text("Name of the variable."),
            "value": text("Its value; $(VAR) is expanded from variables before it."),
            "valueFrom": record(
                "Where the value comes from, instead of value.",
                [
                    "fieldRef": fieldReference,
                    "resourceFieldRef": resourceFieldReference,
                    "configMapKeyRef": keyReference("A key of a ConfigMap."),
                    "secretKeyRef": keyReference("A key of a Secret."),
                    "fileKeyRef": .anyObject.described("A key of a file in a volume."),
                ]),
        ], required: ["name"], keys: ["name"])

    static let environmentSources = records(
        "Objects whose every key becomes a variable.",
        [
            "prefix": text("Put before each name."), "configMapRef": reference("A ConfigMap."),
            "secretRef": reference("A Secret."),
        ])

    static let fieldReference = record(
        "A field of the pod.",
        ["fieldPath": text("metadata.name, status.podIP, ..."), "apiVersion": text("Version of the path.")],
        required: ["fieldPath"]
    ).atomic()

    static let resourceFieldReference = record(
        "A resource of a container.",
        [
            "containerName": text("Name of the container."), "resource": text("limits.cpu, requests.memory, ..."),
            "divisor": quantity.described("Unit of the result."),
        ], required: ["resource"]
    ).atomic()

    private static func keyReference(_ description: String) -> Schema {
        reference(description).merging(["key": text("The key to take.")]).requiring("key")
    }
}
