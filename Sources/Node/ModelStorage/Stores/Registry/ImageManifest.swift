import JSONModel

/// An image's manifest: which layers it has, or which images for which machines.
struct ImageManifest {
    struct Blob: Sendable, Hashable {
        var digest: String
        var size: Int64
        var mediaType: String
        /// The file that the layer is, where it is one file and no archive (ORAS).
        var title: String?
    }

    static let accepted = [
        "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ].joined(separator: ", ")

    var layers: [Blob]
    /// Digests of images, by machine: `linux/amd64`.
    var images: [(platform: String, digest: String)]

    /// `nil` where it is neither.
    init?(_ json: JSONValue) {
        images = (json["manifests"]?.arrayValue ?? []).compactMap { entry in
            guard let digest = entry["digest"]?.stringValue, ImageName.isDigest(digest) else { return nil }
            let platform = entry["platform"]
            let system = platform?["os"]?.stringValue ?? ""
            return ("\(system)/\(platform?["architecture"]?.stringValue ?? "")", digest)
        }
        let entries = json["layers"]?.arrayValue ?? []
        layers = entries.compactMap(Blob.init)
        guard layers.count == entries.count, !layers.isEmpty || !images.isEmpty else { return nil }
    }

    /// The image for this machine, or the only one.
    var own: String? {
        #if arch(arm64)
            let architecture = "linux/arm64"
        #else
            let architecture = "linux/amd64"
        #endif
        return images.first { $0.platform == architecture }?.digest ?? (images.count == 1 ? images[0].digest : nil)
    }
}

extension ImageManifest.Blob {
    fileprivate init?(_ json: JSONValue) {
        guard let digest = json["digest"]?.stringValue, ImageName.isDigest(digest), let size = json["size"]?.intValue,
            size >= 0
        else { return nil }
        self.digest = digest
        self.size = Int64(size)
        mediaType = json["mediaType"]?.stringValue ?? ""
        title = json["annotations"]?["org.opencontainers.image.title"]?.stringValue
    }

    var isTar: Bool { mediaType.contains("tar") }
}
