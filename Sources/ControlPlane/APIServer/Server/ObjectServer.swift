package import KubeModel
package import ObjectStore
import ServingAPI

/// A Kubernetes API server without its wire: what its verbs mean, over the store.
///
/// Every write reads, decides and stores in one transaction of the store, and so does what follows from it (the
/// collection of what it owned, the end of a namespace): there is no moment at which another write or the machine's
/// death could leave it half done, and no background work to catch up with.
package final class ObjectServer: Sendable {
    /// What is served at this moment: whoever needs it twice keeps the value.
    package var registry: ResourceRegistry { served.current }
    let served: ServedResources
    let webhooks = RegisteredWebhooks()
    package let store: ObjectStore
    package let environment: ServerEnvironment

    /// The namespaces that are there from the start, and stay.
    package static let permanentNamespaces = ["default", "kube-system", "martlet-system"]

    /// Serves `definitions` from `store`, in which it makes the permanent namespaces.
    ///
    /// Throws `Status`; 404 if `definitions` has no namespaces.
    package init(
        store: ObjectStore, definitions: [ResourceDefinition], environment: ServerEnvironment = .system
    ) async throws {
        self.store = store
        self.environment = environment
        served = ServedResources(definitions)
        try await followDefinitions()
        try await followWebhooks()
        let namespaces = try registry.definition(.namespaces)
        try await write { scope in
            for name in Self.permanentNamespaces { try scope.makeNamespace(name, namespaces) }
        }
    }

    /// Runs one write from reading the state to settling what follows from it.
    ///
    /// Throws `Status`.
    func write<Value: Sendable>(
        isDryRun: Bool = false, _ body: @escaping @Sendable (inout WriteScope) throws -> Value
    ) async throws -> Value {
        let (served, environment) = (served, environment)
        return try await Self.answering {
            try await store.write(isDryRun: isDryRun) { transaction in
                var scope = WriteScope(transaction: transaction, registry: served.current, environment: environment)
                let value = try body(&scope)
                try scope.settle()
                return value
            }
        }
    }

    /// Serves the resources of the CustomResourceDefinitions that there are, and of those that come.
    private func followDefinitions() async throws {
        let definitions = GroupResource(.customResourceDefinitions)
        _ = store.hub.observe(definitions) { [served] in served.take($0) }
        served.load(try await read { try $0.objects(definitions) })
    }

    /// Reads at one consistent state.
    ///
    /// Throws `Status`.
    func read<Value>(_ body: (Snapshot) throws -> Value) async throws -> Value {
        try await Self.answering { try await store.read(body) }
    }

    /// The store's troubles are the server's.
    static func answering<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as StoreError { throw Status(error) }
    }
}
