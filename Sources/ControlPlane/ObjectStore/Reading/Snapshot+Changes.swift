import GRDB
import KubeModel

// Each change keeps the version that it put an end to; what it made is with the change that ended that, or the object
// as it is. So each version is stored once.
extension Snapshot {
    /// The changes behind `revision`, in order.
    ///
    /// Throws `Status.expired` if some of them are no longer known, or if the store never had that revision.
    ///
    /// - Parameters:
    ///   - limit: of how many, at most.
    ///   - withPrevious: false leaves out what was before, but for deletions.
    package func changes(
        since revision: Int, of resource: GroupResource, namespace: String? = nil, limit: Int = .max,
        withPrevious: Bool = true
    ) throws -> [Change] {
        try requireKnown(revision)
        let statement = try db.cachedStatement(
            sql: """
                SELECT this.revision, this.kind, this.namespace, this.name,
                    CASE WHEN \(withPrevious) OR this.kind = 2 THEN this.json END, coalesce(later.json, now.json)
                FROM changes this
                LEFT JOIN changes later ON later.previous = this.revision
                LEFT JOIN objects now ON now.resource = this.resource AND now.revision = this.revision
                WHERE this.revision > ? AND this.resource = ? \(namespace == nil ? "" : "AND this.namespace = ?")
                ORDER BY this.revision LIMIT \(limit)
                """)
        var arguments: StatementArguments = [revision, resource.name]
        if let namespace { arguments += [namespace] }
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var changes: [Change] = []
        while let row = try rows.next() { changes.append(try change(row, of: resource)) }
        return changes
    }

    private func change(_ row: Row, of resource: GroupResource) throws -> Change {
        guard let kind = Change.Kind(rawValue: row[1]) else {
            throw StoreError.corrupt(path, "a change of an unknown kind")
        }
        let key = Self.key(row[2], row[3])
        let (old, new): (DatabaseValue, DatabaseValue) = (row[4], row[5])
        let previous = old.isNull ? nil : try version(old, resource, key)
        guard let made = kind == .deleted ? try previous?.removed(at: row[0]) : try version(new, resource, key) else {
            throw StoreError.corrupt(path, "a deletion of nothing")
        }
        return Change(revision: row[0], resource: resource, kind: kind, version: made, previous: previous)
    }

    /// Throws `Status.expired` unless every change behind `revision` is known.
    package func requireKnown(_ revision: Int) throws {
        let current = try self.revision()
        guard revision <= current else {
            throw Status.expired("resourceVersion \(revision) is not of this store, which is at \(current): list again")
        }
        let compacted = try compactedRevision()
        guard revision >= compacted else {
            throw Status.expired("too old resource version: \(revision) (\(compacted)): list again")
        }
    }

    /// The oldest revision whose state is still known.
    package func compactedRevision() throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT min(revision) FROM changes")
        return (try Int.fetchOne(statement) ?? Self.firstRevision + 1) - 1
    }
}

extension ObjectVersion {
    fileprivate func removed(at revision: Int) throws -> ObjectVersion {
        var object = try object()
        object.resourceVersion = String(revision)
        return ObjectVersion(object)
    }
}
