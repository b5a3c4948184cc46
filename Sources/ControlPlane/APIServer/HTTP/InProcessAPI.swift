package import JSONModel
package import KubeAccess
package import KubeClient
import KubeModel

/// The Kubernetes API for other parts of this process that act in someone's name: authorized, audited and answered as
/// over HTTPS, but without sockets.
package struct InProcessAPI: Sendable {
    private let api: API
    private let userAgent: String

    /// - Parameter userAgent: who asks, for audit and field managers.
    package init(
        server: ObjectServer, access: AccessControl, logs: any PodLogSource, usage: any UsageSource, userAgent: String
    ) {
        api = API(server: server, logs: logs, usage: usage, access: access)
        self.userAgent = userAgent
    }

    /// The answer to `request`, whole.
    ///
    /// - Throws: `Status`, also for what has no answer of JSON: watches and streams.
    package func send(_ request: KubeRequest, as identity: Identity) async throws -> JSONValue {
        let response = await respond(request, identity)
        var bytes: [UInt8] = []
        try await Self.write(response) { bytes += $0 }
        let json = try? JSONValue(parsing: bytes)
        if response.code >= 400 { throw Self.failure(response.code, json) }
        guard let json else { throw Status.internalError("\(request.target) was answered with no JSON") }
        return json
    }

    /// The answer to `request`, part by part as it comes; `write` comes back when there is room for more.
    ///
    /// - Throws: `Status` before the first part, or what `write` throws.
    package func stream(
        _ request: KubeRequest, as identity: Identity, write: ([UInt8]) async throws -> Void
    ) async throws {
        let response = await respond(request, identity)
        guard response.code < 400 else {
            var bytes: [UInt8] = []
            try await Self.write(response) { bytes += $0 }
            throw Self.failure(response.code, try? JSONValue(parsing: bytes))
        }
        try await Self.write(response, write)
    }

    private func respond(_ request: KubeRequest, _ identity: Identity) async -> APIResponse {
        var call = APIRequest(method: request.method.rawValue, target: request.target)
        call.accept = request.accept
        call.contentType = request.contentType ?? ""
        call.userAgent = userAgent
        call.body = request.body ?? []
        call.identity = identity
        return await api.respond(to: call)
    }

    private static func write(_ response: APIResponse, _ write: ([UInt8]) async throws -> Void) async throws {
        switch response.body {
        case .whole(let bytes): try await write(bytes)
        case .parts(let body), .streamed(let body): try await body(write)
        case .watch, .upgraded: throw Status.badRequest("this cannot be answered in process")
        }
    }

    private static func failure(_ code: Int, _ json: JSONValue?) -> Status {
        json.flatMap(Status.init(json:)) ?? Status(code: code, reason: "Unknown", message: "the API answered \(code)")
    }
}
