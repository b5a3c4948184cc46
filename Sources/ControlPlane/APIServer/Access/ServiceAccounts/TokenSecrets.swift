import FoundationEssentials
import JSONModel
import KubeClient
import KubeController
import KubeModel
import ServingAPI

/// Fills the Secrets of the type kubernetes.io/service-account-token with a token of the ServiceAccount that their
/// annotation names, and removes those whose ServiceAccount is gone, as Kubernetes does.
struct TokenSecrets: Sendable {
    static let type = "kubernetes.io/service-account-token"
    static let accountName = "kubernetes.io/service-account.name"
    static let accountUID = "kubernetes.io/service-account.uid"

    let client: any ResourceClient
    let issuer: TokenIssuer
    /// PEM of the authority.
    let certificate: String

    /// - Parameter key: of the Secret.
    func reconcile(_ key: ObjectKey) async throws -> Outcome {
        guard let secret = try await find(.secrets, key), secret.isTokenSecret, !secret.isBeingDeleted,
            let name = secret.annotations[Self.accountName], let namespace = key.namespace
        else { return .done }
        let account = try await find(.serviceAccounts, ObjectKey(namespace: namespace, name: name))
        let uid = secret.annotations[Self.accountUID]
        guard let account, uid == nil || uid == account.uid else {
            try await remove(secret)
            return .done
        }
        let filled = try filled(secret, account, namespace)
        guard filled != secret else { return .done }
        _ = try await client.replace(
            .secrets, filled, subresource: nil, WriteOptions(fieldManager: "martlet-token-secrets"))
        return .done
    }

    /// The Secrets of a ServiceAccount, by keys that the queue takes.
    func keys(of account: ObjectKey) async throws -> [ObjectKey] {
        try await client.list(.secrets, namespace: account.namespace).items
            .filter { $0.isTokenSecret && $0.annotations[Self.accountName] == account.name }.map(\.key)
    }

    private func filled(_ secret: Object, _ account: Object, _ namespace: String) throws -> Object {
        var secret = secret
        secret.annotations[Self.accountUID] = account.uid
        secret["data", "ca.crt"] = base64(certificate)
        secret["data", "namespace"] = base64(namespace)
        if (secret["data", "token"]?.stringValue ?? "").isEmpty {
            let holder = TokenIssuer.Holder(namespace: namespace, name: account.name, uid: account.uid)
            secret["data", "token"] = base64(try issuer.token(for: holder, secret: secret.name))
        }
        return secret
    }

    private func base64(_ text: String) -> JSONValue { .string(Data(text.utf8).base64EncodedString()) }

    private func remove(_ secret: Object) async throws {
        do {
            try await client.delete(.secrets, secret.key, DeleteOptions(preconditionUID: secret.uid))
        } catch let status as Status where status.isNotFound || status.isConflict {}
    }

    private func find(_ resource: Resource, _ key: ObjectKey) async throws -> Object? {
        do { return try await client.get(resource, key) } catch let status as Status where status.isNotFound {
            return nil
        }
    }
}

extension Object {
    var isTokenSecret: Bool { json["type"]?.stringValue == TokenSecrets.type }
}
