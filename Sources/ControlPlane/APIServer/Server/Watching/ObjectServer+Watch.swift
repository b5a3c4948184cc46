package import KubeClient
package import KubeModel
import ObjectStore

extension ObjectServer {
    /// How often a watch that allows bookmarks gets one.
    private static let bookmarkInterval = Duration.seconds(60)

    /// With `allowsBookmarks`, a watch that begins with all objects sends a bookmark right behind the last of them.
    package func watch(_ resource: Resource, namespace: String?, _ options: WatchOptions) async throws -> WatchStream {
        let definition = try registry.definition(resource)
        let filter = WatchFilter(
            namespace: namespace,
            selector: try ObjectSelector(options.labelSelector, options.fieldSelector, of: definition),
            customVersion: definition.customDefinition == nil ? nil : resource)
        let stored = GroupResource(resource)
        let watch = Watch(filter)
        let observation = store.hub.observe(stored) { watch.receive($0) }
        let ending = endWithDefinition(watch, definition)
        do {
            let (beginning, revision) = try await self.beginning(stored, filter, options)
            let attendant = attend(watch, options)
            return try watch.start(beginning, revision: revision) { [hub = store.hub] in
                attendant?.cancel()
                hub.end(observation)
                if let ending { hub.end(ending) }
            }
        } catch {
            store.hub.end(observation)
            if let ending { store.hub.end(ending) }
            throw error
        }
    }

    private func beginning(
        _ resource: GroupResource, _ filter: WatchFilter, _ options: WatchOptions
    ) async throws -> ([WatchEvent], revision: Int) {
        let since = try revision(options.resourceVersion)
        return try await read { snapshot in
            let revision = try snapshot.revision()
            if let since {
                let changes = try snapshot.changes(since: since, of: resource, namespace: filter.namespace)
                return (changes.compactMap(filter.event), revision)
            }
            var events = try snapshot.objects(resource, namespace: filter.namespace)
                .filter(filter.matches).map { WatchEvent.added(filter.shown($0)) }
            if options.allowsBookmarks { events.append(.bookmark(resourceVersion: String(revision))) }
            return (events, revision)
        }
    }

    /// `nil`: begin with every object.
    private func revision(_ text: String?) throws(Status) -> Int? {
        guard let text, !text.isEmpty, text != "0" else { return nil }
        guard let revision = Int(text), revision > 0 else {
            throw .badRequest("resourceVersion \"\(text)\" is no number")
        }
        return revision
    }

    /// Bookmarks and the end of time. A task of its own, since a stream has no scope to run it in; the stream's end
    /// cancels it.
    private func attend(_ watch: Watch, _ options: WatchOptions) -> Task<Void, Never>? {
        guard options.allowsBookmarks || options.timeout != nil else { return nil }
        let (hub, sleep) = (store.hub, environment.sleep)
        return Task {
            var left = options.timeout
            while left.map({ $0 > .zero }) ?? true {
                let nap = options.allowsBookmarks ? min(Self.bookmarkInterval, left ?? Self.bookmarkInterval) : left
                guard let nap, (try? await sleep(nap)) != nil else { return }
                left = left.map { $0 - nap }
                if options.allowsBookmarks { watch.bookmark(hub.publishedRevision) }
            }
            watch.end()
        }
    }
}
