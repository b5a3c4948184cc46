import KubeModel

// The built-in kinds without a life of their own.
extension Schema {
    static let namespace = resource(
        "A space for names.",
        [
            "spec": record("What is wanted.", ["finalizers": words("What must be emptied before it may go.")]),
            "status": record("How it is.", ["phase": text("Active or Terminating."), "conditions": conditions]),
        ])

    static let configMap = resource(
        "Settings that pods read.",
        [
            "data": strings("Keys and texts."), "binaryData": map(of: base64).described("Keys and bytes, in base64."),
            "immutable": flag("Whether the content can never be changed."),
        ])

    static let secret = resource(
        "Settings that must stay secret.",
        [
            "type": text("What it holds: Opaque, kubernetes.io/tls, ..."),
            "data": map(of: base64).described("Keys and bytes, in base64."),
            "stringData": strings("Keys and texts, for writing: they become data."),
            "immutable": flag("Whether the content can never be changed."),
        ])

    private static let base64 = Schema.string.with { $0.format = "byte" }

    static let serviceAccount = resource(
        "An identity for pods.",
        [
            "secrets": list(of: objectReference, keys: ["name"]).described("Secrets that its pods may use."),
            "imagePullSecrets": records(
                "Secrets for pulling images.", ["name": text("Name of the Secret.")], keys: ["name"]),
            "automountServiceAccountToken": flag("Whether its pods get its token."),
        ])

    static let persistentVolumeClaim = resource(
        "A request for storage.",
        [
            "spec": record(
                "What is wanted.",
                [
                    "accessModes": words("ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod."),
                    "resources": record(
                        "How much.", ["requests": quantities("At least."), "limits": quantities("At most.")]),
                    "selector": labelSelector, "volumeName": text("The volume that is bound."),
                    "storageClassName": text("Class of storage."), "volumeMode": text("Filesystem or Block."),
                    "volumeAttributesClassName": text("Class of volume attributes."),
                    "dataSource": .anyObject.described("What to fill it with."),
                    "dataSourceRef": .anyObject.described("What to fill it with."),
                ]),
            "status": record(
                "What there is.",
                [
                    "phase": text("Pending, Bound or Lost."), "accessModes": words("How it may be mounted."),
                    "capacity": quantities("How much there is."), "conditions": conditions,
                ]
            ).with { $0.preservesUnknownFields = true },
        ])
}
