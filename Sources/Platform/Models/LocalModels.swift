import KubeClient
import KubeModel
import ModelStorage
import NodeAgent
import ServingAPI

/// This machine's model cache, for the node.
struct LocalModels: PodModels {
    let cache: ModelCache
    let client: any ResourceClient
    /// Where the directories of claims are.
    let volumes: String

    func acquire(
        _ parts: [ModelPart], for pod: Object, progress: @escaping @Sendable (String) -> Void
    ) async throws -> PodModel {
        let access = ModelAccess(client: client, pod: pod, volumes: volumes)
        let top = ModelPart.mountPath(of: parts)
        var found: [ModelCache.Part] = []
        for part in parts {
            var request = try await access.request(part)
            request.user = pod.uid
            let directory = try await cache.acquire(request) { progress("\($0)") }
            found.append(.init(directory: directory.path, subpath: part.subpath(below: top)))
        }
        let directory = try cache.compose(found)
        cache.readAhead(directory)
        let pickles = found.flatMap { ModelCache.pickles(in: $0.directory) }
        return PodModel(directory: directory, warnings: pickles.isEmpty ? [] : [Self.warning(pickles)])
    }

    private static func warning(_ pickles: [String]) -> String {
        let named = pickles.prefix(5).joined(separator: ", ") + (pickles.count > 5 ? ", ..." : "")
        return "the model holds Python pickles, which run code when they are loaded: \(named). Serve them only if you "
            + "trust who made them, or convert them (safetensors, ONNX, skops)"
    }
}
