import JSONModel
package import KubeModel

/// `martlet.dev/v1alpha1` HostImage, for reading.
package struct HostImage: View {
    /// A Python environment of its own.
    package struct Python: Sendable, Hashable {
        /// Requirements with exact versions.
        package var packages: [String]
        /// `nil`: the machine's own.
        package var version: String?
        /// Relative paths and texts; those under `bin/` are executable.
        package var files: [String: String]
        /// Packages that have an index of their own, and its URL; the machine's indexes are asked too.
        package var indexes: [String: String]
    }

    package let object: Object

    package init(_ object: Object) { self.object = object }

    /// Container images that it stands for; a `*` at the end stands for anything.
    package var images: [String] { object.spec["images"]?.words ?? [] }
    package var entrypoint: [String] { object.spec["entrypoint"]?.words ?? [] }
    package var environment: [String: String] { object.spec["env"]?.strings ?? [:] }

    package var python: Python? {
        guard let json = object.spec["python"], json.objectValue != nil else { return nil }
        return Python(
            packages: json["packages"]?.words ?? [], version: json["pythonVersion"]?.nonEmptyString,
            files: json["files"]?.strings ?? [:], indexes: json["indexes"]?.strings ?? [:])
    }

    /// How well it stands for a container image: the length of the longest pattern that fits; `nil` if none does.
    ///
    /// A pattern without tag and digest fits every tag of its repository. Docker Hub's implied parts are not added:
    /// patterns and manifests are compared as they are written.
    package func match(_ image: String) -> Int? {
        images.filter { Self.fits(image, $0) }.map(\.utf8.count).max()
    }

    private static func fits(_ image: String, _ pattern: String) -> Bool {
        if pattern.hasSuffix("*") { return image.hasPrefix(pattern.dropLast()) }
        let reference = ImageReference(pattern)
        let isBare = reference.tag == nil && reference.digest == nil
        return image == pattern || (isBare && ImageReference(image).repository == pattern)
    }
}
