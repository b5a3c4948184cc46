import JSONModel
import KubeClient
import KubeModel
import ServingAPI

/// Follows one object until it is as wanted, and tells how far it is.
struct ObjectWatcher: Sendable {
    var client: any ResourceClient
    var resource: Resource
    var key: ObjectKey

    /// Watches until `goal` holds; watches that end are begun again.
    func wait(for goal: WaitGoal, progress: ProgressLine) async throws {
        while true {
            let options = WatchOptions(fieldSelector: "metadata.name=\(key.name)")
            let list = try await client.list(
                resource, namespace: key.namespace, ListOptions(fieldSelector: options.fieldSelector))
            if list.items.isEmpty {
                if case .deleted = goal { return }
                throw Status.notFound(resource, key.name)
            }
            for try await event in try await client.watch(resource, namespace: key.namespace, options) {
                if try holds(goal, after: event, progress: progress) { return }
            }
        }
    }

    private func holds(_ goal: WaitGoal, after event: WatchEvent, progress: ProgressLine) throws -> Bool {
        switch (event, goal) {
        case (.deleted, .deleted): return true
        case (.deleted, .condition): throw CommandFailure("\(key.name) was deleted while waiting for it")
        case (.added(let object), .condition(let name, let status)),
            (.modified(let object), .condition(let name, let status)):
            if isReached(object, name, status) { return true }
            show(object, progress)
            return false
        default: return false
        }
    }

    /// A condition counts only for the newest generation.
    private func isReached(_ object: Object, _ name: String, _ status: String) -> Bool {
        let observed = object["status", "observedGeneration"]?.intValue ?? object.generation
        return observed >= object.generation && object.condition(name)?.status == status
    }

    private func show(_ object: Object, _ progress: ProgressLine) {
        let ready = object.condition("Ready")
        let step = ready?.reason ?? "Waiting"
        progress.show(step, ready?.message ?? "")
    }
}
