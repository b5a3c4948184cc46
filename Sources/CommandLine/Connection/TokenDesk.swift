import FoundationEssentials
import Glibc
import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// Makes, lists and revokes the tokens of one service.
struct TokenDesk: Sendable {
    private let client: HTTPSResourceClient
    private let tokens: ServiceToken
    private let name: String

    init(_ connection: Connection, _ scope: TokenScope) async throws {
        let key = ObjectKey(namespace: scope.namespace, name: scope.service)
        self.init(connection.client, try await connection.client.get(.inferenceServices, key))
    }

    /// - Parameter service: an InferenceService as it is stored.
    init(_ client: HTTPSResourceClient, _ service: Object) {
        self.client = client
        tokens = ServiceToken(service)
        name = service.name
    }

    var isProtected: Bool { tokens.service.asksForTokens }

    /// - Parameter seconds: how long it lasts; `nil`: until it is revoked.
    func create(_ name: String, seconds: Int?) async throws -> String {
        try await makeHolder()
        let end = seconds.map { Timestamp.string(seconds: Int64(time(nil)) + Int64($0)) }
        let secret: Object
        do { secret = try await client.create(.secrets, tokens.secret(name, end: end)) } catch let status as Status
            where status.isAlreadyExists
        {
            throw CommandFailure(
                "isvc/\(self.name) has a token \(name) already. Choose another --name, or revoke it: "
                    + "martlet token revoke \(self.name) \(name)")
        }
        guard let seconds else { return try await filled(secret.key) }
        return try await request(tokens.request(seconds: seconds, secret: secret))
    }

    /// A token that is nowhere listed and ends soon, for a command that speaks for the administrator.
    func borrow(seconds: Int) async throws -> String {
        try await makeHolder()
        return try await request([
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
            "spec": ["expirationSeconds": .number(JSONNumber(seconds))],
        ])
    }

    /// A token for a model that is protected, by the administrator's own power; `nil` for any other.
    ///
    /// - Parameter model: `<name>` or `<namespace>/<name>`.
    static func borrow(for model: String, _ connection: Connection) async throws -> String? {
        let parts = model.split(separator: "/", maxSplits: 1).map(String.init)
        let namespace = parts.count == 2 ? parts[0] : nil
        let named = try await connection.client.list(.inferenceServices, namespace: namespace).items
            .filter { $0.name == parts.last }
        guard named.count == 1, let service = named.first, service.asksForTokens else { return nil }
        return try await TokenDesk(connection.client, service).borrow(seconds: 3_600)
    }

    func secrets() async throws -> [Object] {
        try await client.list(.secrets, namespace: tokens.account.namespace).items.filter(tokens.isToken)
    }

    func revoke(_ name: String) async throws {
        let found = try await secrets()
        guard
            let secret = found.first(where: { $0.key == tokens.secretKey(name) })
                ?? found.first(where: { $0.annotations[ServiceToken.displayName] == name || $0.name == name })
        else {
            let names = found.map { $0.annotations[ServiceToken.displayName] ?? $0.name }.joined(separator: ", ")
            throw CommandFailure(
                "isvc/\(self.name) has no token \(name). It has: \(names.isEmpty ? "none" : names)", code: 1)
        }
        try await client.delete(.secrets, secret.key)
    }

    private func makeHolder() async throws {
        for (resource, object) in tokens.holder {
            try await client.apply(resource, object, by: "martlet-token", force: true)
        }
    }

    /// The API fills the Secret in a moment.
    private func filled(_ key: ObjectKey) async throws -> String {
        for _ in 0..<200 {
            let secret = try await client.get(.secrets, key)
            if let data = secret.json[path: "data", "token"]?.stringValue,
                let token = Data(base64Encoded: data), !token.isEmpty
            {
                return String(decoding: token, as: UTF8.self)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CommandFailure("the API did not fill secret/\(key.name) with a token within 10 s")
    }

    private func request(_ body: JSONValue) async throws -> String {
        var request = KubeRequest(
            .post,
            path: Resource.serviceAccounts.path(
                namespace: tokens.account.namespace, name: tokens.account.name, subresource: "token"))
        request.contentType = MediaType.json
        request.body = body.serialized()
        guard let token = try await client.send(request)[path: "status", "token"]?.stringValue else {
            throw CommandFailure("the API made no token for \(tokens.account)")
        }
        return token
    }
}
