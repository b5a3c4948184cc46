import JSONModel

/// Which variant of a runtime's image runs.
enum ImageTag {
    /// `runtimeVersion` replaces the tag; without it some servers have variants for GPU or CPU. An image with a digest
    /// stays as it is.
    static func update(_ container: inout JSONValue, version: String?, serverType: String?) {
        var image = ImageReference(container["image"]?.stringValue ?? "")
        guard !image.repository.isEmpty, image.digest == nil else { return }
        if let version {
            image.tag = version
        } else if let tag = image.tag {
            chooseVariant(&image, tag, serverType, hasGPU: asksForGPU(container))
        }
        container["image"] = .string(image.text)
    }

    private static func chooseVariant(_ image: inout ImageReference, _ tag: String, _ server: String?, hasGPU: Bool) {
        switch server {
        case "tensorflow-serving" where hasGPU, "torchserve" where hasGPU, "huggingfaceserver" where hasGPU:
            if !tag.hasSuffix("-gpu") { image.tag = "\(tag)-gpu" }
        case "vllmserver" where !hasGPU:
            if !image.repository.hasSuffix("-cpu") { image.repository += "-cpu" }
        default: break
        }
    }

    private static func asksForGPU(_ container: JSONValue) -> Bool {
        let devices = ["nvidia.com/gpu", "amd.com/gpu", "intel.com/gpu", "habana.ai/gaudi"]
        return ["limits", "requests"].contains { kind in
            devices.contains { container[path: "resources", kind, $0] != nil }
        }
    }
}
