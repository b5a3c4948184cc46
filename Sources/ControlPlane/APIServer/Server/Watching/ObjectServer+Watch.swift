package import KubeClient
package import KubeModel
import ObjectStore

extension ObjectServer {
    /// How often a watch that allows bookmarks gets one.
    static let bookmarkInterval = Duration.seconds(60)

    package func watch(_ resource: Resource, namespace: String?, _ options: WatchOptions) async throws -> WatchStream {
        let definition = try registry.definition(resource)
        let filter = WatchFilter(
            namespace: namespace,
            selector: try ObjectSelector(options.labelSelector, options.fieldSelector, of: definition))
        let begin = try WatchBeginning(options)
        let watch = ObservedWatch(Watch(filter), self, definition)
        do {
            let (beginning, revision) = try await read { try begin.notices($0, GroupResource(resource), filter) }
            return try watch.watch.start(beginning, revision: revision) { atOnce in
                let attendant = attend(watch, options)
                return WatchStreamSink.make(resource, capacity: atOnce + WatchLimit.events) {
                    attendant?.cancel()
                    watch.leave()
                }
            }
        } catch {
            watch.leave()
            throw error
        }
    }

    /// Bookmarks and the end of time. A task of its own, since a stream has no scope to run it in; the stream's end
    /// cancels it.
    private func attend(_ watch: ObservedWatch, _ options: WatchOptions) -> Task<Void, Never>? {
        guard options.allowsBookmarks || options.timeout != nil else { return nil }
        let sleep = environment.sleep
        return Task {
            var left = options.timeout
            while left.map({ $0 > .zero }) ?? true {
                let nap = options.allowsBookmarks ? min(Self.bookmarkInterval, left ?? Self.bookmarkInterval) : left
                guard let nap, (try? await sleep(nap)) != nil else { return }
                left = left.map { $0 - nap }
                if options.allowsBookmarks { watch.bookmark() }
            }
            watch.watch.end()
        }
    }
}

extension WatchBeginning {
    /// What is to be sent first, and the revision whose state the watcher knows then.
    fileprivate func notices(
        _ snapshot: Snapshot, _ resource: GroupResource, _ filter: WatchFilter
    ) throws -> ([WatchNotice], revision: Int) {
        let revision = try snapshot.revision()
        switch self {
        case .present: return ([], revision)
        case .after(let since):
            let changes = try snapshot.changes(since: since, of: resource, namespace: filter.namespace)
            return (try changes.compactMap(filter.notice), revision)
        case .everything(let wished, let endsWithBookmark):
            guard wished <= revision else { throw Status.tooLarge(wished, revision) }
            var notices: [WatchNotice] = []
            try snapshot.visit(resource, namespace: filter.namespace) { version in
                if try filter.matches(version) { notices.append(.object(.added, version)) }
                return true
            }
            if endsWithBookmark { notices.append(.bookmark(revision: revision, endsInitialEvents: true)) }
            return (notices, revision)
        }
    }
}
