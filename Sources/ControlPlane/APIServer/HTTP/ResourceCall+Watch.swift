import KubeClient
import KubeModel

extension ResourceCall {
    /// Lines of JSON, each sent when it happens. An error after the first of them becomes an `ERROR` event.
    ///
    /// What lies behind the present is sent as fast as the client takes it, and read part by part; only then does the
    /// watch begin to hear of changes.
    func watch() async throws -> APIResponse {
        let body = try await WatchBody(self, WatchOptions(query))
        return APIResponse(contentType: MediaType.json, body: .watch(body))
    }
}
