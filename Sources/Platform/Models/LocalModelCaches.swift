import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import ModelStorage
import ServingAPI

/// Fetches ahead what LocalModelCache objects name. This machine is the one node there is, and in every group.
///
/// Credentials of a LocalModelCache, which is in no namespace, are those of KServe's namespace for such jobs.
struct LocalModelCaches: Sendable {
    static let jobNamespace = "kserve-localmodel-jobs"

    let resource: Resource
    let informers: Informers
    let client: any ResourceClient
    let models: ModelCache
    let node: String
    let volumes: String

    func controller(logger: Logger) -> Controller {
        let controller = Controller(resource.plural, logger: logger) { try await reconcile($0) }
        controller.watch(informers.informer(resource))
        return controller
    }

    private func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let cache = informers.store(resource)[key], !cache.isBeingDeleted else { return .done }
        do {
            var request = try await request(cache)
            request.user = cache.uid
            if !models.isPresent(request) { try await report("NodeDownloading", cache) }
            _ = try await models.acquire(request)
            try await report("NodeDownloaded", cache)
            return .done
        } catch let error as CancellationError {
            throw error
        } catch {
            try await report("NodeDownloadError", cache)
            throw error
        }
    }

    private func request(_ cache: Object) async throws -> ModelRequest {
        var account = Object(.pods, namespace: cache.namespace ?? Self.jobNamespace, name: cache.name)
        account.json["spec"] = ["serviceAccountName": cache.spec["serviceAccountName"] ?? "default"]
        let access = ModelAccess(client: client, pod: account, volumes: volumes)
        let uri = cache.spec["sourceModelUri"]?.stringValue ?? ""
        return try await access.request(uri, storage: cache.spec["storage"])
    }

    private func report(_ state: String, _ cache: Object) async throws {
        let isHere = state == "NodeDownloaded"
        let hasFailed = state == "NodeDownloadError"
        let status: JSONValue = [
            "nodeStatus": [node: .string(state)],
            "copies": ["available": isHere ? 1 : 0, "total": 1, "failed": hasFailed ? 1 : 0],
        ]
        guard cache.status["nodeStatus"] != status["nodeStatus"] else { return }
        let patch: JSONValue = ["status": status]
        _ = try await client.patch(resource, cache.key, .merge(patch), subresource: "status")
    }
}
