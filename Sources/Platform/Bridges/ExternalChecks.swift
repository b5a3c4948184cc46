import AsyncHTTPClient
import Authorization
import NIOCore
import NIOHTTP1
import Proxy
import ServingAPI

/// Asks servers of Envoy's external authorization whether requests may go on, as Istio's Envoys ask them.
struct ExternalChecks: CheckAuthority {
    private static let largest = 1 << 20
    private let calls = UnaryCalls()

    /// Less than the gateway waits for all of a decision: so it is the provider's own settings that say what happens.
    private static func timeout(of provider: CheckProvider) -> Duration { min(provider.timeout, .seconds(4)) }

    func check(_ request: AccessRequest, with provider: CheckProvider) async throws -> CheckAnswer {
        switch provider.language {
        case .grpc: try await ask(request, provider)
        case .http(let settings): try await ask(request, provider, settings)
        }
    }

    private func ask(_ request: AccessRequest, _ provider: CheckProvider) async throws -> CheckAnswer {
        let reply = try await calls.call(
            "/envoy.service.auth.v3.Authorization/Check", CheckRequestMessage(request).bytes, host: provider.host,
            port: provider.port, timeout: Self.timeout(of: provider))
        return try CheckResponseMessage(reply).answer
    }

    /// The request without its body, as far as the provider wants to see it.
    private func ask(_ request: AccessRequest, _ provider: CheckProvider, _ settings: CheckProvider.HTTP) async throws
        -> CheckAnswer
    {
        let host = provider.host.contains(":") ? "[\(provider.host)]" : provider.host
        var question = HTTPClientRequest(
            url: "http://\(host):\(provider.port)\(settings.pathPrefix)\(request.target)")
        question.method = HTTPMethod(rawValue: request.method)
        question.headers.add(name: "Host", value: request.host)
        for header in request.headers where Self.isShown(header.name, settings) {
            question.headers.add(name: header.name, value: header.value)
        }
        for (name, value) in settings.additionalHeaders { question.headers.replaceOrAdd(name: name, value: value) }
        let response = try await HTTPClient.shared.execute(question, timeout: TimeAmount(Self.timeout(of: provider)))
        let body = try await response.body.collect(upTo: Self.largest)
        let headers = response.headers.map { (name: $0.name, value: $0.value) }
        guard response.status != .ok else {
            let removed = response.headers["x-envoy-auth-headers-to-remove"].flatMap { $0.split(separator: ",") }
            return .allowed(
                headers: headers.filter { Self.isAmong(settings.headersForServer, $0.name) },
                removed: removed.map { $0.filter { $0 != " " }.lowercased() })
        }
        // Who did not decide has not denied.
        guard response.status.code < 500 else {
            throw SourceFailure("\(provider.name) answered \(response.status.code)")
        }
        let told: Set = ["content-type", "location", "www-authenticate", "set-cookie"]
        return .denied(
            status: Int(response.status.code),
            headers: headers.filter { header in
                let name = header.name.lowercased()
                if name == "content-length" || name == "transfer-encoding" || name == "connection" { return false }
                return settings.headersForClient.isEmpty
                    ? told.contains(name) : told.contains(name) || Self.isAmong(settings.headersForClient, name)
            },
            body: String(buffer: body))
    }

    /// Method, path, host and the credential are shown always, as Envoy shows them.
    private static func isShown(_ name: String, _ settings: CheckProvider.HTTP) -> Bool {
        name == "authorization"
            || isAmong(settings.requestHeaders, name) && name != "host" && name != "content-length"
                && name != "transfer-encoding"
    }

    private static func isAmong(_ patterns: [StringPattern], _ name: String) -> Bool {
        patterns.contains { $0.matches(name.lowercased()) }
    }
}
