import JSONModel
import KubeClient
import KubeModel
import ServingAPI
import Synchronization

/// What calls of a page are let in with: the caller's own token; of who has none (the one-time link's administrator) one
/// for the service's account, asked for in the caller's name.
final class ServicePasses: Sendable {
    private struct Pass {
        var token: String
        var renews: Int64
    }

    private struct Key: Hashable {
        var session: String
        var service: ObjectKey
    }

    private static let lifetime = 3_600
    private let passes = Mutex<[Key: Pass]>([:])

    /// - Returns: `nil` where the service lets everyone call.
    func token(for service: ObjectKey, _ context: PageContext) async throws -> String? {
        if let own = context.session.token { return own }
        let key = Key(session: context.session.id, service: service)
        if let pass = passes.withLock({ $0[key] }), pass.renews > context.now { return pass.token }
        let object = try await context.api.get(.inferenceServices, service)
        guard object.asksForTokens else { return nil }
        let token = try await Self.ask(ServiceToken(object), context.api)
        passes.withLock { passes in
            passes = passes.filter { $0.value.renews > context.now }
            passes[key] = Pass(token: token, renews: context.now + Int64(Self.lifetime) - 300)
        }
        return token
    }

    private static func ask(_ tokens: ServiceToken, _ api: UserAPI) async throws -> String {
        for (resource, object) in tokens.holder { _ = try await api.apply(resource, object) }
        return try await api.tokenRequest(
            tokens.account,
            [
                "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                "spec": ["expirationSeconds": .number(JSONNumber(lifetime))],
            ])
    }
}

extension UserAPI {
    /// A token for a ServiceAccount.
    func tokenRequest(_ account: ObjectKey, _ body: JSONValue) async throws -> String {
        var request = KubeRequest(
            .post,
            path: Resource.serviceAccounts.path(
                namespace: account.namespace?.percentEncoded, name: account.name.percentEncoded, subresource: "token"))
        request.contentType = MediaType.json
        request.body = body.serialized()
        guard let token = try await send(request)[path: "status", "token"]?.stringValue else {
            throw Status.internalError("the API made no token for \(account)")
        }
        return token
    }
}
