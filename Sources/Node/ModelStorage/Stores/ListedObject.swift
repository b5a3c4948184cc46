/// An object in a bucket's listing.
struct ListedObject: Sendable, Hashable {
    var key: String
    var size: Int64
    var version: String
    var checksum: Checksum?

    /// The files of the model at a prefix: the object itself if there is one, else what is below it as a directory.
    ///
    /// - Throws: `ModelStorageError` where there is nothing.
    static func select(
        _ objects: [ListedObject], prefix: String, title: String
    ) throws(ModelStorageError) -> [StoredFile] {
        let directory = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
        if let object = objects.first(where: { $0.key == prefix && !$0.key.hasSuffix("/") }) {
            return [object.file(at: String(prefix.split(separator: "/").last ?? "model"))]
        }
        let files = objects.filter { $0.key.hasPrefix(directory) && !$0.key.hasSuffix("/") }
            .map { $0.file(at: String($0.key.dropFirst(directory.count))) }
        guard files.isEmpty else { return files }
        let names = objects.prefix(5).map(\.key).joined(separator: ", ")
        throw ModelStorageError(
            .notFound, "there is no object at \(title), and none below it",
            remedy: names.isEmpty ? "check bucket, path and endpoint" : "there are \(names)")
    }

    private func file(at path: String) -> StoredFile {
        StoredFile(path: path, size: size, key: key, version: version, checksum: checksum)
    }
}
