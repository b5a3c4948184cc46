import JSONModel
import KubeModel

/// `kubectl get persistentvolumeclaims`.
enum ClaimTable {
    static let columns: [ResourceDefinition.PrinterColumn] = [
        .name, .computed("Status"), .computed("Volume"), .computed("Capacity"), .computed("Access Modes"),
        .computed("StorageClass"), .computed("VolumeAttributesClass"), .computedAge,
        .computed("VolumeMode", wide: true),
    ]

    private static let shortModes = [
        "ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP",
    ]

    @Sendable static func cells(_ claim: Object, _ now: Int64) -> [JSONValue] {
        let isBound = claim.spec["volumeName"]?.nonEmptyString != nil
        let modes = (claim.status["accessModes"]?.words ?? []).map { shortModes[$0] ?? $0 }.joined(separator: ",")
        let phase = claim.status["phase"]?.stringValue ?? "Pending"
        return [
            .string(claim.name), .string(claim.isBeingDeleted ? "Terminating" : phase),
            claim.spec["volumeName"] ?? "", isBound ? claim["status", "capacity", "storage"] ?? "" : "",
            .string(isBound ? modes : ""), claim.spec["storageClassName"] ?? "",
            .string(claim.spec["volumeAttributesClassName"]?.nonEmptyString ?? "<unset>"), .string(claim.age(now)),
            .string(claim.spec["volumeMode"]?.nonEmptyString ?? "<unset>"),
        ]
    }
}
