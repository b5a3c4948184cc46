import FoundationEssentials
import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
import JSONModel
import KubeModel
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

@testable import APIServer

/// An admission webhook over HTTPS that answers as it is told, and remembers what it was asked.
final class WebhookServer: Sendable {
    typealias Decide = @Sendable (_ request: JSONValue) -> JSONValue

    let authority: String
    private let seen = Mutex<[JSONValue]>([])
    private let listening = Mutex(0)

    /// The requests that it was asked about, in order.
    var requests: [JSONValue] { seen.withLock { $0 } }
    var url: String { "https://127.0.0.1:\(listening.withLock { $0 })/review" }

    private init(authority: String) { self.authority = authority }

    /// Runs `body` while a webhook answers with what `decide` adds to `{"uid": ...}`.
    static func with(
        _ decide: @escaping Decide, _ body: @Sendable @escaping (WebhookServer) async throws -> Void
    ) async throws {
        let directory = try HTTPFixture.temporaryDirectory()
        let pki = try PKI(directory: directory + "/pki", now: Int64(Date.now.timeIntervalSince1970))
        let authority = try pki.authority.credential.certificatePEM
        let webhook = WebhookServer(authority: Data(authority.utf8).base64EncodedString())
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let server = try HTTPServerBuilder.tls(.http1(), tlsConfiguration: ServingCertificate(pki).tls()).buildServer(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { (request, writer: consuming ResponseWriter, _) in
            let body = try await request.body.collect(upTo: 1 << 20)
            let answer = try webhook.answer([UInt8](buffer: body), decide)
            var head = HTTPResponse(status: .ok)
            head.headerFields[.contentLength] = String(answer.count)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer)))
        } onServerRunning: { channel in
            announce.yield(channel.localAddress?.port ?? 0)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let port = await ports.first { _ in true } ?? 0
            webhook.listening.withLock { $0 = port }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(webhook)) } catch { outcome = .failure(error) }
            group.cancelAll()
            try? await group.waitForAll()
            try outcome.get()
        }
    }

    private func answer(_ body: [UInt8], _ decide: Decide) throws -> [UInt8] {
        let request = try JSONValue(parsing: body)["request"] ?? .null
        seen.withLock { $0.append(request) }
        var response = decide(request)
        if response["uid"] == nil { response["uid"] = request["uid"] }
        return JSONValue.object([
            "kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "response": response,
        ]).serialized()
    }

    func configuration(
        _ resource: Resource, _ name: String, resources: [JSONValue] = ["widgets"], _ fields: JSONObject = [:]
    ) -> Object {
        var webhook: JSONValue = [
            "name": "\(name).example.com", "clientConfig": ["url": .string(url), "caBundle": .string(authority)],
            "admissionReviewVersions": ["v1"], "sideEffects": "None",
            "rules": [
                [
                    "apiGroups": ["test.dev"], "apiVersions": ["v1"], "resources": .array(resources),
                    "operations": ["*"],
                ]
            ],
        ]
        for field in fields { webhook[field.key] = field.value }
        return Object(resource, name: name, ["webhooks": [webhook]])
    }

    static func patch(_ operations: JSONValue) -> JSONValue {
        [
            "allowed": true, "patchType": "JSONPatch",
            "patch": .string(Data(operations.serialized()).base64EncodedString()),
        ]
    }
}
