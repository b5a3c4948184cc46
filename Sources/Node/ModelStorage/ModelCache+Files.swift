import KubeController

extension ModelCache {
    /// Fetches all files of a model from its store and publishes it.
    func installFiles(
        _ store: any ModelStore, _ model: ModelIdentity, _ patterns: FilePatterns, _ meter: ProgressMeter
    ) async throws {
        let all = try FileListing.checked(try await store.files(), model.title)
        let files = all.filter { patterns.want($0.path) }
        guard !files.isEmpty else { throw Self.nothing(all, model) }
        let staging = try Staging(model, in: layout)
        // What another model has already is fetched no second time: its digest says that it is the same.
        let missing = try files.filter { file in
            guard case .sha256(let digest) = file.checksum else { return true }
            return try !staging.take(.init(path: file.path, size: file.size, sha256: digest))
        }
        try await makeRoom(for: missing.reduce(0) { $0 + $1.size }, model.title)
        let transfer = Transfer(
            store: store, title: model.title, retrying: retrying, space: space, meter: meter, connections: connections)
        let fetched = try await transfer.fetch(missing, in: layout.partial(model) + "/files")
        for (file, _) in fetched { try file.sync() }
        if files.count == 1, let (file, _) = fetched.first, try unpack(file, into: staging, model, meter) {
            return try staging.publish(at: time.timestamp)
        }
        for (file, sha256) in fetched {
            try staging.adopt(file.path, .init(path: file.file.path, size: file.file.size, sha256: sha256))
        }
        try staging.publish(at: time.timestamp)
    }

    /// A model that is one archive is what the archive holds.
    private func unpack(
        _ file: PieceFile, into staging: Staging, _ model: ModelIdentity, _ meter: ProgressMeter
    ) throws -> Bool {
        do {
            return try unpacking(meter).unpack(file.path, name: file.file.path, into: staging)
        } catch let error as ArchiveError {
            try file.restart()
            throw Self.broken(error, model.title)
        }
    }

    private static func nothing(_ files: [StoredFile], _ model: ModelIdentity) -> ModelStorageError {
        let names = files.prefix(5).map(\.path).joined(separator: ", ")
        return ModelStorageError(
            .notFound, "\(model.title) has no file that is wanted",
            remedy: files.isEmpty ? "name a model with files" : "change STORAGE_ALLOW_PATTERNS; there are \(names)")
    }
}
