import JSONModel
import KubeClient
import KubeModel
import ObjectStore
import ServingAPI
import Synchronization

/// The webhooks of all configurations in the store, in the order in which they are asked: by the names of their
/// configurations, then as they stand there.
final class RegisteredWebhooks: Sendable {
    private struct Key: Hashable {
        var isMutating: Bool
        var configuration: String
    }

    private struct State {
        var webhooks: [Key: [Webhook]] = [:]
        var inOrder: [Webhook] = []
    }

    private let state = Mutex(State())

    static let resources: [(resource: Resource, isMutating: Bool)] = [
        (.mutatingWebhookConfigurations, true), (.validatingWebhookConfigurations, false),
    ]

    var all: [Webhook] { state.withLock { $0.inOrder } }

    /// Those that are asked about such an operation, mutating ones and others.
    func concerned(
        _ operation: AdmissionOperation, _ resource: Resource, subresource: String?, _ registry: ResourceRegistry
    ) -> [Webhook] {
        let webhooks = all
        // Nobody shall lock themselves out with a webhook that refuses its own removal.
        guard !webhooks.isEmpty, resource.group != "admissionregistration.k8s.io" else { return [] }
        return webhooks.filter { $0.version(operation, resource, subresource: subresource, registry) != nil }
    }

    /// Those that are asked about a write. A patch may create.
    func concerned(_ write: Write, _ request: WriteRequest, _ registry: ResourceRegistry) -> [Webhook] {
        let operations: [AdmissionOperation] =
            switch write {
            case .create: [.create]
            case .replace: [.update]
            case .patch(.apply(_, _)): [.create, .update]
            case .patch: [.update]
            }
        let webhooks = operations.map {
            concerned($0, request.resource, subresource: request.subresource.name, registry)
        }
        return webhooks.count == 1 ? webhooks[0] : webhooks.contains { !$0.isEmpty } ? all : []
    }

    func set(_ object: Object, isMutating: Bool) {
        let webhooks = (object.json["webhooks"]?.arrayValue ?? []).compactMap {
            try? Webhook($0, isMutating: isMutating)
        }
        update(Key(isMutating: isMutating, configuration: object.name), webhooks)
    }

    func remove(_ name: String, isMutating: Bool) {
        update(Key(isMutating: isMutating, configuration: name), nil)
    }

    private func update(_ key: Key, _ webhooks: [Webhook]?) {
        state.withLock { state in
            state.webhooks[key] = webhooks
            state.inOrder = state.webhooks.sorted { $0.key.configuration < $1.key.configuration }.flatMap(\.value)
        }
    }
}

extension ObjectServer {
    /// Asks the webhooks of the configurations that there are, and of those that come.
    func followWebhooks() async throws {
        for (resource, isMutating) in RegisteredWebhooks.resources {
            let stored = GroupResource(resource)
            _ = store.hub.observe(stored) { [webhooks] change in
                if change.kind == .deleted {
                    webhooks.remove(change.object.name, isMutating: isMutating)
                } else {
                    webhooks.set(change.object, isMutating: isMutating)
                }
            }
            for object in try await read({ try $0.objects(stored) }) { webhooks.set(object, isMutating: isMutating) }
        }
    }
}
