import KubeAccess
import KubeModel
import ObjectStore
import ServingAPI
import Synchronization

/// Keeps an authorizer's policy as the store's roles and bindings are.
///
/// It hears of a change before whoever made it does: a role counts from the moment its creation is acknowledged, and a
/// binding no longer does from that of its deletion.
enum PolicyFeed {
    private static let resources = [Resource.roles, .clusterRoles, .roleBindings, .clusterRoleBindings]

    /// Reads what there is, and follows it from there.
    static func start(_ authorizer: Authorizer, _ store: ObjectStore) async throws {
        let gathered = GatheredChanges(authorizer)
        for resource in resources {
            _ = store.hub.observe(GroupResource(resource)) { gathered.take($0) }
        }
        let (objects, revision) = try await store.read { snapshot in
            (try resources.flatMap { try snapshot.objects(GroupResource($0)) }, try snapshot.revision())
        }
        gathered.begin(objects, revision)
    }
}

/// Changes that come while the beginning is read wait for it.
private final class GatheredChanges: Sendable {
    private let authorizer: Authorizer
    private let waiting = Mutex<[Change]?>([])

    init(_ authorizer: Authorizer) { self.authorizer = authorizer }

    func take(_ change: Change) {
        waiting.withLock { waiting in
            if waiting == nil { apply(change) } else { waiting?.append(change) }
        }
    }

    func begin(_ objects: [Object], _ revision: Int) {
        waiting.withLock { waiting in
            authorizer.update { policy in objects.forEach { policy.set($0) } }
            for change in waiting ?? [] where change.revision > revision { apply(change) }
            waiting = nil
        }
    }

    private func apply(_ change: Change) {
        authorizer.update { policy in
            if change.kind == .deleted { policy.remove(change.object) } else { policy.set(change.object) }
        }
    }
}
