import KubeController
import ModelStorage

/// A model on this machine.
package struct LibraryModel: Sendable {
    let model: CachedModel

    package var uri: String { model.uri }
    package var path: String { model.path }
    package var byteCount: Int64 { model.byteCount }
    /// As people read it: `98.0 MB`.
    package var size: String { ByteText.decimal(model.byteCount) }
    /// In RFC 3339.
    package var fetched: String { model.fetched }
    /// In seconds since 1970.
    package var lastUsed: Int64 { model.lastUsed }
    package var isWhole: Bool { model.isWhole }
    /// Files that run code when a Python program loads them.
    package var pickles: [String] { model.pickles }
}

/// The models on this machine, for the verbs that look after them. Credentials are those of this process's environment.
/// Martlet may be running on the same cache.
package struct ModelLibrary: Sendable {
    private let cache: ModelCache

    package init(_ directory: DataDirectory) {
        cache = ModelCache(directory: directory.models, environment: ProcessEnvironment.current)
    }

    package var models: [LibraryModel] { cache.models().map(LibraryModel.init) }

    /// Fetches a model, unless it is here.
    ///
    /// - Parameter progress: `fetched 34.1 MB of 98.0 MB (12.3 MB/s)`
    /// - Returns: its directory.
    package func pull(_ uri: String, progress: @escaping @Sendable (String) -> Void) async throws -> String {
        do {
            let model = try await cache.acquire(uri) { progress("\($0)") }
            await cache.shutDown()
            return model.path
        } catch {
            await cache.shutDown()
            throw error
        }
    }

    /// What is wrong with a model's files; empty for one that is whole.
    ///
    /// - Parameter progress: `12.0 MB`
    package func verify(_ model: LibraryModel, progress: (String) -> Void) throws -> [String] {
        try cache.verify(model.model) { progress(ByteText.decimal($0)) }
    }

    /// `false` where a server uses it.
    package func remove(_ model: LibraryModel) throws -> Bool { try cache.remove(model.model) }

    package func export(_ model: LibraryModel, to path: String, progress: (String) -> Void) throws {
        try cache.export(model.model, to: path) { progress(ByteText.decimal($0)) }
    }

    /// - Returns: the model's URI.
    package func importModel(from path: String, progress: @escaping (String) -> Void) throws -> String {
        try cache.importModel(from: path) { progress(ByteText.decimal($0)) }
    }
}
