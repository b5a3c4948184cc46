import KubeClient
import KubeController
import KubeModel
package import Logging
import ObjectStore
import ServiceLifecycle
import ServingAPI

/// The background work of access control: aggregated roles, tokens in Secrets, and what every namespace has.
///
/// It follows the store itself and keeps no objects: what it needs it reads when something happened.
package struct AccessControllers: Service {
    private let server: ObjectServer
    private let roles: Controller
    private let secrets: Controller
    private let accounts: Controller
    private let namespaces: Controller

    /// - Parameter pki: whose authority namespaces and tokens carry.
    package init(_ server: ObjectServer, _ pki: PKI, logger: Logger) throws {
        let certificate = try pki.authority.credential.certificatePEM
        let aggregation = RoleAggregation(client: server)
        let tokens = TokenSecrets(client: server, issuer: TokenIssuer(pki.tokens), certificate: certificate)
        let defaults = NamespaceDefaults(client: server, certificate: certificate)
        self.server = server
        roles = Controller("cluster-roles", workers: 1, logger: logger) { _ in try await aggregation.reconcile() }
        let secrets = Controller("token-secrets", workers: 1, logger: logger) { try await tokens.reconcile($0) }
        accounts = Controller("service-accounts", workers: 1, logger: logger) { key in
            for secret in try await tokens.keys(of: key) { secrets.queue.add(secret) }
            return .done
        }
        namespaces = Controller("namespaces", workers: 1, logger: logger) { try await defaults.reconcile($0) }
        self.secrets = secrets
    }

    package func run() async throws {
        follow()
        try await seed()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for controller in [roles, secrets, accounts, namespaces] { group.addTask { await controller.run() } }
            }
        }
    }

    private func follow() {
        observe(.clusterRoles) { [roles] _ in roles.queue.add(RoleAggregation.key) }
        observe(.secrets) { [secrets] change in
            if change.kind != .deleted, change.object.isTokenSecret { secrets.queue.add(change.object.key) }
        }
        observe(.serviceAccounts) { [accounts, namespaces] change in
            guard change.kind == .deleted else { return }
            accounts.queue.add(change.object.key)
            if change.object.name == NamespaceDefaults.account { Self.add(change.object.namespace, to: namespaces) }
        }
        observe(.configMaps) { [namespaces] change in
            guard change.object.name == NamespaceDefaults.rootCertificate, change.kind != .added else { return }
            Self.add(change.object.namespace, to: namespaces)
        }
        observe(.namespaces) { [namespaces] change in
            if change.kind == .added { namespaces.queue.add(change.object.key) }
        }
    }

    private func observe(_ resource: Resource, _ observer: @escaping ChangeHub.Observer) {
        _ = server.store.hub.observe(GroupResource(resource), observer)
    }

    private static func add(_ namespace: String?, to controller: Controller) {
        if let namespace { controller.queue.add(ObjectKey(name: namespace)) }
    }

    /// What happened before this ran.
    private func seed() async throws {
        for namespace in try await server.list(.namespaces).items { namespaces.queue.add(namespace.key) }
        for secret in try await server.list(.secrets).items where secret.isTokenSecret {
            secrets.queue.add(secret.key)
        }
        roles.queue.add(RoleAggregation.key)
    }
}
