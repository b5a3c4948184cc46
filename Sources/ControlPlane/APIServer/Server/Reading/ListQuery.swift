import KubeClient
import KubeModel
import ObjectStore

/// One page of a list, as it was asked for.
struct ListQuery: Sendable {
    var resource: GroupResource
    var namespace: String?
    var selector: ObjectSelector
    var limit: Int
    /// Bytes after which a page ends, whatever its limit.
    var byteLimit = Int.max
    /// Whether to count what comes behind the page.
    var countsRemaining = true
    var state: ListedState
    var after: ObjectKey?

    /// - Parameter definition: of what is to be listed.
    init(_ definition: ResourceDefinition, namespace: String?, _ options: ListOptions) throws(Status) {
        let text = options.continueToken ?? ""
        let token = text.isEmpty ? nil : try ContinueToken(text)
        resource = GroupResource(definition.resource)
        self.namespace = namespace
        selector = try ObjectSelector(options.labelSelector, options.fieldSelector, of: definition)
        limit = options.limit > 0 ? options.limit : Int.max
        state = try ListedState(options, token)
        after = token?.after
        if let namespace, let after, after.namespace != namespace {
            throw .badRequest("continue key is not valid: it is of a list of another namespace")
        }
    }

    /// Throws `Status`: 410 where the state is forgotten, with a token to go on in today's; 504 where it is to come.
    func run(_ snapshot: Snapshot) throws -> ListPage {
        let revision = try state.revision(snapshot)
        do {
            return try page(snapshot, at: revision)
        } catch var status as Status where status.isExpired {
            guard let after else { throw status }
            status.message += "; or go on with the continue token of this answer, which leads through today's state"
            status.continueToken = ContinueToken(revision: nil, after: after).text
            throw status
        }
    }

    private func page(_ snapshot: Snapshot, at revision: Int) throws -> ListPage {
        var page = ListPage(revision: revision)
        var (bytes, hasMore) = (0, false)
        try snapshot.visit(resource, namespace: namespace, after: after, at: revision) { version in
            guard try selector.isEverything || selector.matches(version.object()) else { return true }
            hasMore = page.versions.count == limit || bytes >= byteLimit
            guard !hasMore else { return false }
            page.versions.append(version)
            bytes += version.text.utf8.count
            return true
        }
        guard hasMore, let last = page.versions.last?.key else { return page }
        page.next = ContinueToken(revision: revision, after: last)
        if countsRemaining, selector.isEverything {
            page.remaining = try snapshot.count(resource, namespace: namespace, after: last, at: revision)
        }
        return page
    }
}

/// What a query found.
struct ListPage: Sendable {
    var versions: [ObjectVersion] = []
    /// The state that it shows.
    var revision: Int
    /// `nil` on the last page.
    var next: ContinueToken?
    /// How many come behind this page; `nil` where that is not known, or was not asked for.
    var remaining: Int?

    init(revision: Int) { self.revision = revision }
}
