import KubeModel

extension Schema {
    /// `volumes` of a pod: the sources that people use in full, the others kept whole.
    static let volumes = records(
        "Directories that the pod's containers can mount.",
        [
            "name": text("Name of the volume, unique in the pod."),
            "emptyDir": record(
                "A directory that lives as long as the pod.",
                [
                    "medium": text("Memory for a file system in memory."),
                    "sizeLimit": quantity.described("Bytes that it may hold."),
                ]),
            "hostPath": record(
                "A path of the host.", ["path": text("The path."), "type": text("What must be there.")],
                required: ["path"]),
            "persistentVolumeClaim": record(
                "A claim in the same namespace.",
                ["claimName": text("Name of the claim."), "readOnly": flag("Whether it is read only.")],
                required: ["claimName"]),
            "configMap": reference("The keys of a ConfigMap, as files.").merging(fileModes),
            "secret": record(
                "The keys of a Secret, as files.",
                [
                    "secretName": text("Name of the Secret."), "optional": flag("Whether it may be missing."),
                ]
            ).merging(fileModes),
            "downwardAPI": record(
                "Fields of the pod, as files.",
                ["items": downwardItems, "defaultMode": int32("Mode of the files.")]),
            "projected": projected,
            "nfs": record(
                "An NFS export.",
                [
                    "server": text("Host."), "path": text("Path on the host."),
                    "readOnly": flag("Whether it is read only."),
                ], required: ["path", "server"]),
            "csi": .anyObject.described("A volume of a CSI driver."),
            "ephemeral": .anyObject.described("A claim that lives as long as the pod."),
            "image": record(
                "The files of an OCI image.",
                ["reference": text("The image."), "pullPolicy": text("Always, IfNotPresent or Never.")]),
        ], required: ["name"], keys: ["name"]
    ).with { $0.items[0].preservesUnknownFields = true }

    private static let fileModes: [String: Schema] = [
        "defaultMode": int32("Mode of the files."),
        "items": records(
            "Which keys, and the paths they get.",
            ["key": text("The key."), "path": text("Relative path."), "mode": int32("Mode of the file.")],
            required: ["key", "path"]),
    ]

    private static let downwardItems = records(
        "Which fields, and the paths they get.",
        [
            "path": text("Relative path."), "fieldRef": fieldReference, "resourceFieldRef": resourceFieldReference,
            "mode": int32("Mode of the file."),
        ], required: ["path"])

    private static let projected = record(
        "Several sources in one directory.",
        [
            "defaultMode": int32("Mode of the files."),
            "sources": records(
                "The sources.",
                [
                    "configMap": reference("Keys of a ConfigMap.").merging(fileModes),
                    "secret": reference("Keys of a Secret.").merging(fileModes),
                    "downwardAPI": record("Fields of the pod.", ["items": downwardItems]),
                    "serviceAccountToken": record(
                        "A token of the pod's service account.",
                        [
                            "audience": text("Who the token is for."),
                            "expirationSeconds": int64("Seconds that it is valid."), "path": text("Relative path."),
                        ], required: ["path"]),
                    "clusterTrustBundle": .anyObject.described("Certificates of a trust bundle."),
                ]),
        ])
}
