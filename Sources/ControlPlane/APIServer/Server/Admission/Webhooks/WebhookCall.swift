import AsyncHTTPClient
import JSONModel
import KubeModel
import NIOCore
import NIOHTTP1
import NIOSSL

/// Asks one webhook, over HTTPS.
struct WebhookCall: Sendable {
    /// The largest answer that is read.
    private static let maximumAnswer = 3 << 20

    let webhook: Webhook
    let address: WebhookAddress

    func ask(_ review: JSONValue, uid: String) async throws(WebhookFailure) -> AdmissionAnswer {
        let client: HTTPClient
        do {
            client = HTTPClient(
                eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: try configuration())
        } catch {
            throw WebhookFailure("clientConfig.caBundle cannot be read: \(error)")
        }
        let answer = await answer(client, review)
        try? await client.shutdown()
        return try AdmissionAnswer(try answer.get(), uid: uid)
    }

    private func configuration() throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if !webhook.authorities.isEmpty {
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(webhook.authorities))
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(webhook.timeout.nanoseconds)))
        configuration.dnsOverride = address.hosts
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func answer(_ client: HTTPClient, _ review: JSONValue) async -> Result<[UInt8], WebhookFailure> {
        var request = HTTPClientRequest(url: address.url)
        request.method = .POST
        request.headers = [
            "Content-Type": "application/json", "Accept": "application/json", "User-Agent": "martlet-admission",
        ]
        request.body = .bytes(ByteBuffer(bytes: review.serialized()))
        let deadline = NIODeadline.now() + .nanoseconds(webhook.timeout.nanoseconds)
        do {
            let response = try await client.execute(request, deadline: deadline)
            let body = try await response.body.collect(upTo: Self.maximumAnswer)
            guard response.status.code == 200 else {
                return .failure(WebhookFailure("Post \"\(address.url)\": it answered \(response.status.code)"))
            }
            return .success([UInt8](buffer: body))
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            return .failure(WebhookFailure("Post \"\(address.url)\": no answer within \(webhook.timeout)"))
        } catch {
            return .failure(WebhookFailure("Post \"\(address.url)\": \(error)"))
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
