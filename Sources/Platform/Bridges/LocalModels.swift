import ModelStorage
import NodeAgent

/// This machine's model cache, for the node.
struct LocalModels: PodModels {
    let cache: ModelCache

    func acquire(
        _ uri: String, namespace: String, progress: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        try await cache.acquire(uri) { progress("\($0)") }.path
    }
}
