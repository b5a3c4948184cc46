import AsyncHTTPClient
import KubeModel
import NIOCore
import NIOHTTP1
import Synchronization

/// `/relay/serving/<namespace>/<name>/…`: a call to a model from a page, which may speak to this server only.
///
/// The call goes to the gateway with the caller's own rights and comes back as it comes, no faster than the browser
/// takes it. When the browser goes away, so does the call.
final class GatewayRelay: Sendable {
    private static let longestBody = 32 << 20

    private let gateway: @Sendable () -> String
    /// Made for the first call.
    private let client = Mutex<HTTPClient?>(nil)
    private let passes = ServicePasses()

    init(gateway: @escaping @Sendable () -> String) { self.gateway = gateway }

    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)), decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        return configuration
    }

    private func madeClient() -> HTTPClient {
        client.withLock { client in
            if let client { return client }
            let made = HTTPClient(
                eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: Self.configuration)
            client = made
            return made
        }
    }

    func shutDown() async { try? await client.withLock { $0 }?.shutdown() }

    func answer(_ context: PageContext) async throws -> WebResponse {
        let segments = context.request.segments
        guard segments.count > 4, segments[1] == "serving" else {
            throw WebFailure(404, "Calls go to /relay/serving/<namespace>/<name>/<path>.")
        }
        let key = ObjectKey(namespace: segments[2], name: segments[3])
        var call = HTTPClientRequest(url: gateway() + context.request.path.dropFirst("/relay".count))
        call.method = HTTPMethod(rawValue: context.request.method)
        for name in ["content-type", "accept"] {
            if let value = context.request.headers[name] { call.headers.add(name: name, value: value) }
        }
        if let host = context.request.headers["x-martlet-host"] { call.headers.add(name: "Host", value: host) }
        if let pass = try await passes.token(for: key, context) {
            call.headers.add(name: "Authorization", value: "Bearer \(pass)")
        }
        if context.request.method == "POST" { call.body = .bytes(ByteBuffer(bytes: context.request.body)) }
        return try await relayed(call)
    }

    private func relayed(_ call: HTTPClientRequest) async throws -> WebResponse {
        let response: HTTPClientResponse
        do { response = try await madeClient().execute(call, deadline: .distantFuture) } catch is CancellationError {
            throw CancellationError()
        } catch { throw WebFailure(502, "The gateway cannot be reached: \(error)") }
        let type = response.headers.first(name: "content-type") ?? "application/octet-stream"
        let body = response.body
        return WebResponse(
            code: Int(response.status.code), headers: [("Content-Type", type), ("Cache-Control", "no-store")],
            body: .stream { write in
                for try await part in body { try await write(Array(part.readableBytesView)) }
            })
    }
}
