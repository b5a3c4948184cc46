import Synchronization

/// Tells observers of changes as soon as they are committed, in order.
///
/// Observers are called on the store's writer, one after the other: they must be quick, and must not write. One that
/// was added before a snapshot was taken hears of every change behind that snapshot, and perhaps of some before it.
package final class ChangeHub: Sendable {
    package typealias Observer = @Sendable (Change) -> Void

    private struct State {
        var nextID = 0
        var observers: [GroupResource: [Int: Observer]] = [:]
        var published: Int
    }

    private let state: Mutex<State>

    init(published: Int) { state = Mutex(State(published: published)) }

    /// Observers have heard of all changes up to this revision.
    package var publishedRevision: Int { state.withLock { $0.published } }

    /// How many observe a resource.
    package func observerCount(of resource: GroupResource) -> Int {
        state.withLock { $0.observers[resource]?.count ?? 0 }
    }

    package func observe(_ resource: GroupResource, _ observer: @escaping Observer) -> ChangeObservation {
        state.withLock {
            $0.nextID += 1
            $0.observers[resource, default: [:]][$0.nextID] = observer
            return ChangeObservation(resource: resource, id: $0.nextID)
        }
    }

    package func end(_ observation: ChangeObservation) {
        state.withLock {
            $0.observers[observation.resource]?[observation.id] = nil
            if $0.observers[observation.resource]?.isEmpty == true { $0.observers[observation.resource] = nil }
        }
    }

    /// Called by the one writer only. Observers run outside the lock, since one may end itself.
    func publish(_ changes: [Change]) {
        guard let last = changes.last else { return }
        let observers = state.withLock { $0.observers }
        for change in changes {
            observers[change.resource]?.values.forEach { $0(change) }
        }
        state.withLock { $0.published = last.revision }
    }
}

/// What `observe` hands out and `end` takes back.
package struct ChangeObservation: Sendable {
    let resource: GroupResource
    let id: Int
}
