import GRDB
import KubeModel

extension Snapshot {
    /// The changes behind `revision`, in order.
    ///
    /// Throws `Status.expired` if some of them are no longer known, or if the store never had that revision.
    package func changes(since revision: Int, of resource: GroupResource, namespace: String? = nil) throws -> [Change] {
        try checkKnown(revision)
        let statement = try db.cachedStatement(
            sql: """
                SELECT this.revision, this.kind, this.json, that.json
                FROM changes this LEFT JOIN changes that ON that.revision = this.previous
                WHERE this.revision > ? AND this.resource = ? \(namespace == nil ? "" : "AND this.namespace = ?")
                ORDER BY this.revision
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
        return Change(
            revision: row[0], resource: resource, kind: kind, object: try parse(row[2]),
            previous: try (row[3] as String?).map(parse))
    }

    private func checkKnown(_ revision: Int) throws {
        let current = try self.revision()
        guard revision <= current else {
            throw Status.expired("resourceVersion \(revision) is not of this store, which is at \(current): list again")
        }
        let statement = try db.cachedStatement(sql: "SELECT min(revision) FROM changes")
        let oldest = try Int.fetchOne(statement) ?? Self.firstRevision + 1
        guard revision >= oldest - 1 else {
            throw Status.expired("too old resource version: \(revision) (\(oldest - 1)): list again")
        }
    }
}
