import AsyncHTTPClient
import JSONModel
import KubeClient
import KubeModel

/// The Kubernetes API over an `ObjectServer`: from a request to its answer, without sockets.
struct API: Sendable {
    let server: ObjectServer
    let logs: any PodLogSource
    let streams: any PodStreamSource
    let usage: any UsageSource
    /// `nil` where nobody has to be let in: in tests.
    let access: AccessControl?
    /// For what no object tells; `nil` where there is nobody who knows.
    var monitoring: (any MonitoringSource)?
    /// For `proxy`; `nil` where nothing can be proxied.
    var proxy: HTTPClient?

    init(
        server: ObjectServer, logs: any PodLogSource, streams: any PodStreamSource = NoPodStreams(),
        usage: any UsageSource = NoUsage(), access: AccessControl? = nil
    ) {
        self.server = server
        self.logs = logs
        self.streams = streams
        self.usage = usage
        self.access = access
    }

    /// Always an answer: every error is a `Status`.
    func respond(to request: APIRequest) async -> APIResponse {
        guard let entry = access?.audit?.begin(request) else { return await answered(request) }
        return entry.finish(await answered(request))
    }

    /// The answer to a request whose caller is not let in.
    func refuse(_ request: APIRequest, _ status: Status) -> APIResponse {
        access?.audit?.begin(request)?.finish(.failure(status)) ?? .failure(status)
    }

    private func answered(_ request: APIRequest) async -> APIResponse {
        do {
            try access?.authorize(request)
            guard ProtobufAnswer.isOnlyOne(in: request.accept) else { return try await answer(request) }
            var readable = request
            readable.accept = MediaType.json
            return try ProtobufAnswer.encode(await answer(readable), to: request.method)
        } catch let status as Status {
            return .failure(status)
        } catch is CancellationError {
            return .failure(
                Status(code: 503, reason: "ServiceUnavailable", message: "the server is stopping", retryAfterSeconds: 1)
            )
        } catch {
            return .failure(.internalError("\(error)"))
        }
    }

    /// What anyone may ask, to see whether the server is there and which one it is.
    static func isPublic(_ request: APIRequest) -> Bool {
        request.method == "GET" && ["healthz", "livez", "readyz", "version"].contains(request.path.first)
    }

    private func answer(_ request: APIRequest) async throws -> APIResponse {
        if request.path.first == "monitoring", let monitoring {
            guard let answer = try await monitoring.answer(MonitoringQuestion(request)) else {
                throw Status.noSuchPath("below /monitoring there is nothing by this name now")
            }
            return .json(answer)
        }
        if let target = ResourceTarget(request.path), let access, let virtual = VirtualResource.at(target) {
            return try await ReviewCall(
                access: access, server: server, virtual: virtual, target: target, request: request
            ).answer()
        }
        if let target = ResourceTarget(request.path) {
            let metrics = MetricsCall(server: server, usage: usage, target: target, request: request)
            if let answer = try await metrics.answer() { return answer }
            if let answer = try await resource(target, request) { return answer }
        }
        guard let answer = document(request) ?? access.flatMap({ OpenIDDocuments(issuer: $0.issuer).answer(request) })
        else {
            throw Status.noSuchPath("there are: /api, /apis, /version, /openapi/v2, /openapi/v3, /readyz")
        }
        guard request.method == "GET" else { throw Status.methodNotAllowed }
        return answer
    }

    private func resource(_ target: ResourceTarget, _ request: APIRequest) async throws -> APIResponse? {
        let definition = try server.registry.definition(target)
        let deprecation = definition.customDefinition?.deprecation
        let call = ResourceCall(
            server: server, logs: logs, streams: streams, proxy: proxy, definition: definition, target: target,
            request: request,
            review: access?.review(definition.resource, request),
            now: { [environment = server.environment] in environment.now() / 1_000_000 })
        let caller = access == nil ? Caller.current : request.identity
        var response = try await Caller.$current.withValue(caller) { try await call.answer() }
        if let deprecation { response.warnings.insert(deprecation, at: 0) }
        return response
    }

    private func document(_ request: APIRequest) -> APIResponse? {
        switch request.path.first {
        case "api", "apis": Discovery(registry: server.registry).respond(to: request)
        case "healthz", "livez", "readyz": .text("ok")
        case "version": .json(ServerVersion.json)
        case "openapi": OpenAPI(registry: server.registry).answer(request)
        case nil:
            .json([
                "paths": [
                    "/api", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz",
                    "/version", "/.well-known/openid-configuration", "/openid/v1/jwks",
                ]
            ])
        default: nil
        }
    }
}
