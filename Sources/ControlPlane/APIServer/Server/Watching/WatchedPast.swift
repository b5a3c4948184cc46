import KubeClient
import KubeModel
import ObjectStore

/// What a watch shows before it comes to the present: every object, or the changes behind a revision. It is read part
/// by part, so that a slow watcher, or a thousand of them, holds little of it in memory.
struct WatchedPast: Sendable {
    /// Events of one part.
    private static let partLimit = 500

    private enum Source: Sendable {
        case objects(ListParts, endsWithBookmark: Bool)
        case changes
    }

    private let server: ObjectServer
    private let filter: WatchFilter
    private let resource: GroupResource
    private var source: Source
    /// What was read so far is the state at this revision, once it is complete; 0 until the first part.
    private(set) var revision: Int
    /// Whether the present is near enough to be followed.
    private(set) var isComplete = false

    /// Throws a 400 or a 422 for options that contradict each other.
    init(
        _ server: ObjectServer, _ definition: ResourceDefinition, namespace: String?, _ options: WatchOptions
    ) throws(Status) {
        self.server = server
        resource = GroupResource(definition.resource)
        filter = WatchFilter(
            namespace: namespace,
            selector: try ObjectSelector(options.labelSelector, options.fieldSelector, of: definition))
        switch try WatchBeginning(options) {
        case .everything(let wished, let endsWithBookmark):
            let list = ListOptions(
                labelSelector: options.labelSelector, fieldSelector: options.fieldSelector,
                resourceVersion: String(wished))
            let query = try ListQuery(definition, namespace: namespace, list)
            source = .objects(ListParts(server: server, query: query), endsWithBookmark: endsWithBookmark)
            revision = 0
        case .after(let revision):
            source = .changes
            self.revision = revision
        case .present:
            source = .changes
            revision = server.store.hub.publishedRevision
        }
    }

    /// Reads on, with what happened since.
    mutating func goOn() {
        source = .changes
        isComplete = false
    }

    /// The next part.
    ///
    /// Throws `Status`: 410 where the revision is forgotten, 504 where it is to come.
    mutating func next() async throws -> [WatchNotice] {
        guard case .objects(var parts, let endsWithBookmark) = source else { return try await changes() }
        let page = try await parts.next()
        source = .objects(parts, endsWithBookmark: endsWithBookmark)
        revision = page.revision
        isComplete = parts.isComplete
        var notices = page.versions.map { WatchNotice.object(.added, $0) }
        if isComplete, endsWithBookmark { notices.append(.bookmark(revision: revision, endsInitialEvents: true)) }
        return notices
    }

    private mutating func changes() async throws -> [WatchNotice] {
        let (since, resource, filter) = (revision, resource, filter)
        let changes = try await server.read { snapshot in
            try snapshot.changes(
                since: since, of: resource, namespace: filter.namespace, limit: Self.partLimit,
                withPrevious: !filter.selector.isEverything)
        }
        isComplete = changes.count < Self.partLimit
        revision = changes.last?.revision ?? revision
        return try changes.compactMap(filter.notice)
    }
}
