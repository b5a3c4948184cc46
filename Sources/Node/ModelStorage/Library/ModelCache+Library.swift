import Crypto
import Glibc

extension ModelCache {
    /// All models in the cache, by URI.
    package func models() -> [CachedModel] {
        layout.all().map(cached).sorted { ($0.uri, $0.key) < ($1.uri, $1.key) }
    }

    private func cached(_ directory: String, _ reference: ModelReference) -> CachedModel {
        let path = directory + "/content"
        return CachedModel(
            key: String(directory.split(separator: "/").last ?? ""), uri: reference.uri, path: path,
            byteCount: reference.byteCount, fileCount: reference.files.count, fetched: reference.fetched,
            lastUsed: ModelUse.lastUsed(directory),
            isWhole: reference.files.allSatisfy { FileTree.size("\(path)/\($0.path)") == $0.size },
            pickles: Pickle.files(reference.files.map(\.path)))
    }

    /// Reads all files of a model anew.
    ///
    /// - Parameter progress: told how many bytes were read in all.
    /// - Returns: what is wrong, file by file; empty for a model that is what was fetched.
    package func verify(_ model: CachedModel, progress: (Int64) -> Void = { _ in }) throws -> [String] {
        let bytes = try readable { try FileTree.read(layout.directory(ofKey: model.key) + "/reference.json") }
        guard let reference = ModelReference(parsing: bytes) else { return ["its reference.json is damaged"] }
        var done: Int64 = 0
        return try reference.files.compactMap { file in
            let path = "\(model.path)/\(file.path)"
            guard let size = FileTree.size(path) else { return "\(file.path) is missing" }
            guard size == file.size else { return "\(file.path) has \(size) bytes instead of \(file.size)" }
            let digest = try readable { try Self.digest(path) { progress(done + $0) } }
            done += size
            return digest == file.sha256 ? nil : "the contents of \(file.path) have changed"
        }
    }

    private static func digest(_ path: String, progress: (Int64) -> Void) throws -> String {
        let file = try LocalFile(reading: path)
        var hasher = SHA256()
        var offset: Int64 = 0
        while true {
            let piece = try file.read(4 << 20, at: offset)
            if piece.isEmpty { return hexadecimal(hasher.finalize()) }
            hasher.update(data: piece)
            offset += Int64(piece.count)
            progress(offset)
        }
    }

    /// Removes a model, and the contents that no other model shares. `false` where a server uses it.
    ///
    /// - Throws: `ModelStorageError`.
    package func remove(_ model: CachedModel) throws -> Bool {
        try readable {
            let directory = layout.directory(ofKey: model.key)
            let isRemoved = try ModelUse.whileUnused(directory) {
                // Out of sight first: what is removed half is never found.
                let trash = "\(layout.directory)/partial/removed-\(UInt64.random(in: 0...UInt64.max))"
                try FileTree.makeDirectory(layout.directory + "/partial")
                try FileTree.move(directory, to: trash)
                try FileTree.remove(trash)
            }
            if isRemoved { try removeUnusedContents() }
            return isRemoved
        }
    }

    /// Contents that only the store of contents has are no model's any more.
    private func removeUnusedContents() throws(FileError) {
        let blobs = layout.directory + "/blobs"
        for name in (try? FileTree.names(in: blobs)) ?? [] where FileTree.linkCount("\(blobs)/\(name)") == 1 {
            try FileTree.remove("\(blobs)/\(name)")
        }
    }

    /// Removes models that were not used for the longest time, until so many bytes fit into what the cache may hold.
    ///
    /// - Throws: `ModelStorageError` where all others are in use.
    func makeRoom(for bytes: Int64, _ title: String) async throws {
        guard let limit = room.limit else { return }
        use.keep(users: await room.livingUsers())
        var models = models()
        var total = models.reduce(0) { $0 + $1.byteCount }
        models.sort { $0.lastUsed < $1.lastUsed }
        for model in models where total + bytes > limit {
            if try remove(model) { total -= model.byteCount }
        }
        guard total + bytes > limit else { return }
        throw ModelStorageError(
            .noSpace,
            "\(title) has \(ByteText.decimal(bytes)), and the models that are in use \(ByteText.decimal(total)); the "
                + "cache may hold \(ByteText.decimal(limit))",
            remedy: "raise --model-cache-limit, or delete services")
    }
}
