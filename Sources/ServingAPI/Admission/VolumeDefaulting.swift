import JSONModel
import KubeModel

/// What the API server fills in for a volume of a built-in kind.
enum VolumeDefaulting {
    /// 0644.
    private static let fileMode: JSONValue = 420

    static func fill(_ volume: inout JSONValue) {
        guard case .object(let members) = volume else { return }
        if !members.contains(where: { $0.key != "name" }) { volume["emptyDir"] = [:] }
        for source in ["secret", "configMap", "downwardAPI", "projected"] {
            volume.changeObject(at: source) { $0.setDefault(fileMode, at: "defaultMode") }
        }
        volume.changeObject(at: "hostPath") { $0.setDefault("", at: "type") }
        volume.changeObject(at: "downwardAPI", fillFiles)
        volume.changeObject(at: "projected") { $0.mapElements(at: "sources", fillProjection) }
        volume.changeObject(at: "image") { image in
            let reference = ImageReference(image["reference"]?.stringValue ?? "")
            image.setDefault(.string(reference.isLatest ? "Always" : "IfNotPresent"), at: "pullPolicy")
        }
        volume.changeObject(at: "ephemeral") { $0.changeObject(at: "volumeClaimTemplate", fillClaim) }
    }

    private static func fillFiles(_ source: inout JSONValue) {
        source.mapElements(at: "items", ContainerDefaulting.fillReferences)
    }

    private static func fillProjection(_ source: inout JSONValue) {
        source.changeObject(at: "downwardAPI", fillFiles)
        source.changeObject(at: "serviceAccountToken") { $0.setDefault(3_600, at: "expirationSeconds") }
        source.changeObject(at: "podCertificate") { $0.setDefault(86_400, at: "maxExpirationSeconds") }
    }

    /// Of a claim or a claim's template.
    static func fillClaim(_ claim: inout JSONValue) {
        claim.changeObject(at: "spec") { $0.setDefault("Filesystem", at: "volumeMode") }
    }
}
