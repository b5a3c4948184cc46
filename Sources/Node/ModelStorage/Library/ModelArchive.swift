import KubeController

/// A model as one file, to be carried to a machine that cannot fetch it: a tar file with `KEY/reference.json` and the
/// files below `KEY/content`.
extension ModelCache {
    /// - Throws: `ModelStorageError`.
    package func export(_ model: CachedModel, to path: String, progress: (Int64) -> Void = { _ in }) throws {
        try readable {
            let directory = layout.directory(ofKey: model.key)
            let bytes = try FileTree.read(directory + "/reference.json")
            guard let reference = ModelReference(parsing: bytes) else { throw Self.damaged(model.uri) }
            let writer = try TarWriter(path + ".new")
            try writer.add("\(model.key)/reference.json", bytes)
            var done: Int64 = 0
            for file in reference.files {
                try writer.add("\(model.key)/content/\(file.path)", file: "\(model.path)/\(file.path)") { count in
                    done += count
                    progress(done)
                }
            }
            try writer.finish()
            try FileTree.move(path + ".new", to: path)
        }
    }

    /// Takes in what `export` wrote; every file's digest is checked.
    ///
    /// - Returns: the model's URI.
    /// - Throws: `ModelStorageError`.
    package func importModel(from path: String, progress: @escaping (Int64) -> Void = { _ in }) throws -> String {
        do {
            return try readable { try take(path, progress) }
        } catch let error as ArchiveError {
            throw Self.broken(error, path)
        }
    }

    private func take(_ path: String, _ progress: @escaping (Int64) -> Void) throws -> String {
        var staging: (key: String, reference: ModelReference, staging: Staging)?
        var done: Int64 = 0
        try TarArchive(path).forEach { entry, next in
            let parts = entry.path.split(separator: "/", maxSplits: 2).map(String.init)
            if parts.count == 2, parts[1] == "reference.json", staging == nil, Self.isKey(parts[0]) {
                var bytes: [UInt8] = []
                while case let piece = try next(), !piece.isEmpty { bytes += piece }
                guard let reference = ModelReference(parsing: bytes) else { throw Self.damaged(path) }
                try space.check(reference.byteCount, in: layout.directory, for: "importing \(reference.uri)")
                staging = (parts[0], reference, try Staging(key: parts[0], uri: reference.uri, in: layout))
            } else if let staging, parts.count == 3, parts[0] == staging.key, parts[1] == "content" {
                try staging.staging.addFile(parts[2]) {
                    let piece = try next()
                    done += Int64(piece.count)
                    progress(done)
                    return piece
                }
            } else {
                throw Self.damaged(path)
            }
        }
        guard let staging, Set(staging.staging.contents) == Set(staging.reference.files) else {
            throw Self.damaged(path)
        }
        try staging.staging.publish(at: staging.reference.fetched)
        return staging.reference.uri
    }

    private static func isKey(_ text: String) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    private static func damaged(_ what: String) -> ModelStorageError {
        ModelStorageError(
            .digestMismatch, "\(what) is not a model as it was exported", remedy: "export it again, and copy it whole")
    }
}
