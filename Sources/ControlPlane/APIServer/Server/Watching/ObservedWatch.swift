import KubeClient
import KubeModel
import ObjectStore

/// A watch that hears of what the store commits, until it is ended.
struct ObservedWatch: Sendable {
    let watch: Watch
    private let hub: ChangeHub
    private let observations: [ChangeObservation]

    init(_ watch: Watch, _ server: ObjectServer, _ definition: ResourceDefinition) {
        self.watch = watch
        hub = server.store.hub
        let changes = hub.observe(GroupResource(definition.resource)) { watch.receive($0) }
        observations = [changes] + [server.endWithDefinition(watch, definition)].compactMap(\.self)
    }

    /// Tells its reader how far it has seen.
    func bookmark() { watch.bookmark(hub.publishedRevision) }

    /// It hears of nothing any more.
    func leave() { observations.forEach(hub.end) }
}
