import AsyncHTTPClient
import Authorization
import FoundationEssentials
import JSONModel
import KubeClient
import KubeController
import KubeModel
import Logging
import NIOCore
import NIOHTTP1
import ServingAPI
import Synchronization

/// Where AuthConfigs find keys, Secrets and the documents of issuers.
final class APISources: CredentialSources {
    private let client: any ResourceClient
    private let informer: Informer
    /// By namespace and digest.
    private let keys = Mutex<KeyIndex>(KeyIndex())

    /// Label of the Secrets that Authorino, and so this, takes for keys.
    private static let label = "authorino.kuadrant.io/managed-by"
    private static let timeout = TimeAmount.seconds(5)
    private static let largest = 1 << 20

    init(client: any ResourceClient, logger: Logger) {
        self.client = client
        informer = Informer(
            .secrets, client: client, selector: LabelSelector(matching: [Self.label: "authorino"]), logger: logger)
        informer.subscribe { [weak self] change in
            guard let self else { return }
            let name = change.object.key
            keys.withLock { $0.set(name, self.informer.store[name]) }
        }
    }

    /// Runs until cancelled.
    func run() async { await informer.run() }

    func document(_ address: String) async throws -> JSONValue { try await send(HTTPClientRequest(url: address)) }

    func post(
        _ form: [(name: String, value: String)], to address: String, user: String, password: String
    ) async throws -> JSONValue {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        let basic = Data("\(user):\(password)".utf8).base64EncodedString()
        request.headers = ["Content-Type": "application/x-www-form-urlencoded", "Authorization": "Basic \(basic)"]
        let body = form.map { "\($0.name)=\($0.value.formEncoded)" }.joined(separator: "&")
        request.body = .bytes(ByteBuffer(string: body))
        return try await send(request)
    }

    private func send(_ request: HTTPClientRequest) async throws -> JSONValue {
        let response = try await HTTPClient.shared.execute(request, timeout: Self.timeout)
        let body = try await response.body.collect(upTo: Self.largest)
        guard response.status == .ok else { throw SourceFailure("\(request.url) answered \(response.status.code)") }
        return try JSONValue(parsing: Array(body.readableBytesView))
    }

    func send(_ question: HTTPQuestion) async throws -> HTTPReply {
        var request = HTTPClientRequest(url: question.address)
        request.method = HTTPMethod(rawValue: question.method)
        for header in question.headers { request.headers.add(name: header.name, value: header.value) }
        if let body = question.body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: Self.timeout)
        let body = try await response.body.collect(upTo: Self.largest)
        return HTTPReply(
            status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
            body: Array(body.readableBytesView))
    }

    func secrets(matching selector: LabelSelector, namespace: String) async throws -> [Object] {
        informer.store.all.filter { $0.namespace == namespace && selector.matches($0.labels) }
    }

    func secrets(withKey digest: TokenDigest, namespace: String) -> [Object] {
        keys.withLock { $0.secrets(digest, namespace) }
    }

    func secret(_ key: ObjectKey) async throws -> Object? {
        do { return try await client.get(.secrets, key) } catch let status as Status where status.isNotFound {
            return nil
        }
    }
}

/// Secrets by the digests of their keys.
private struct KeyIndex {
    private var digests: [ObjectKey: TokenDigest] = [:]
    private var secrets: [TokenDigest: [ObjectKey: Object]] = [:]

    mutating func set(_ name: ObjectKey, _ secret: Object?) {
        if let old = digests.removeValue(forKey: name) { secrets[old]?[name] = nil }
        guard let text = secret?.json[path: "data", "api_key"]?.stringValue, let key = Data(base64Encoded: text),
            !key.isEmpty
        else { return }
        let digest = TokenDigest(Array(key).span)
        digests[name] = digest
        secrets[digest, default: [:]][name] = secret
    }

    func secrets(_ digest: TokenDigest, _ namespace: String) -> [Object] {
        (secrets[digest] ?? [:]).values.filter { $0.namespace == namespace }.sorted { $0.key < $1.key }
    }
}

extension String {
    fileprivate var formEncoded: String {
        utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            let isPlain = byte < 128 && (character.isLetter || character.isNumber || "-._~".contains(character))
            return isPlain ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
