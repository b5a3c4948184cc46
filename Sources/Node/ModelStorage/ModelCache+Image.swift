import KubeController

/// A model in an image: below `/models` (modelcar), or as files (an artifact).
extension ModelCache {
    private static let top = "models"

    func installImage(
        _ image: ImageName, _ model: ModelIdentity, _ variables: StorageVariables, _ meter: ProgressMeter
    ) async throws {
        let store = try RegistryStore(image, variables, web: web, retrying: retrying)
        let layers = try FileListing.checked(try await store.files(), model.title)
        try await makeRoom(for: layers.reduce(0) { $0 + $1.size }, model.title)
        let transfer = Transfer(
            store: store, title: model.title, retrying: retrying, space: space, meter: meter, connections: connections)
        let fetched = try await transfer.fetch(layers, in: layout.partial(model) + "/files")
        let staging = try Staging(model, in: layout)
        do {
            try fill(staging, fetched, model, meter)
        } catch let error as ArchiveError {
            throw Self.broken(error, model.title)
        }
        guard !staging.isEmpty else {
            throw ModelStorageError(
                .notFound, "the image \(model.title) has no files below /models",
                remedy: "put the model there (COPY model/ /models/), as KServe wants it")
        }
        try staging.publish(at: time.timestamp)
    }

    /// From the top layer down: what a layer has or takes away hides what is below it.
    private func fill(
        _ staging: Staging, _ layers: [(file: PieceFile, sha256: String)], _ model: ModelIdentity,
        _ meter: ProgressMeter
    ) throws {
        var cover = LayerCover()
        for (layer, sha256) in layers.reversed() {
            try layer.sync()
            if layer.file.path.hasSuffix(".tar") {
                try unpacking(meter).unpackLayer(
                    layer.path, below: Self.top, title: model.title, cover: &cover, into: staging)
            } else {
                let file = ModelReference.File(path: layer.file.path, size: layer.file.size, sha256: sha256)
                try staging.adopt(layer.path, file)
            }
        }
    }
}
