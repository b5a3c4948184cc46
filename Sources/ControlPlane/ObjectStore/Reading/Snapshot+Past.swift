import GRDB
package import KubeModel

// The state at an older revision is today's, with every change since then undone.
extension Snapshot {
    /// As `visit`, but the objects as they were at `revision`.
    ///
    /// Throws `Status.expired` where that is no longer known.
    package func visit(
        _ resource: GroupResource, namespace: String? = nil, after: ObjectKey? = nil, at revision: Int,
        _ visit: (ObjectVersion) throws -> Bool
    ) throws {
        try requireKnown(revision)
        var undone = try firstChanges(since: revision, resource, namespace, after)[...]
        guard !undone.isEmpty else { return try self.visit(resource, namespace: namespace, after: after, visit) }
        var isDone = false
        try self.visit(resource, namespace: namespace, after: after) { now in
            while let change = undone.first, !now.key.precedes(change.key) {
                undone.removeFirst()
                isDone = try !show(change, resource, visit)
                if isDone { return false }
                if change.key == now.key { return true }
            }
            isDone = try !visit(now)
            return !isDone
        }
        while !isDone, let change = undone.popFirst() { isDone = try !show(change, resource, visit) }
    }

    /// How many objects there were behind `after` at `revision`.
    package func count(
        _ resource: GroupResource, namespace: String? = nil, after: ObjectKey? = nil, at revision: Int
    ) throws -> Int {
        let statement = try db.cachedStatement(
            sql: """
                SELECT total(CASE kind WHEN 2 THEN 1 WHEN 0 THEN -1 ELSE 0 END) FROM changes
                WHERE \(Self.condition(namespace)) AND revision > ?
                """)
        let arguments = Self.scope(resource, namespace, after) + [revision]
        let difference = try Double.fetchOne(statement, arguments: arguments) ?? 0
        return try count(resource, namespace: namespace, after: after) + Int(difference)
    }

    /// The first thing that happened to an object behind some revision.
    private struct FirstChange {
        var key: ObjectKey
        var revision: Int
        var kind: Change.Kind
    }

    /// By namespace and name, as `visit`.
    private func firstChanges(
        since revision: Int, _ resource: GroupResource, _ namespace: String?, _ after: ObjectKey?
    ) throws -> [FirstChange] {
        // SQLite takes `kind` from the row of the minimum.
        let statement = try db.cachedStatement(
            sql: """
                SELECT namespace, name, min(revision), kind FROM changes
                WHERE \(Self.condition(namespace)) AND revision > ? GROUP BY namespace, name ORDER BY namespace, name
                """)
        return try Row.fetchAll(statement, arguments: Self.scope(resource, namespace, after) + [revision]).map { row in
            guard let kind = Change.Kind(rawValue: row[3]) else {
                throw StoreError.corrupt(path, "a change of an unknown kind")
            }
            return FirstChange(key: Self.key(row[0], row[1]), revision: row[2], kind: kind)
        }
    }

    /// Shows the object as it was before `change`, if it was there; answers whether to go on.
    private func show(
        _ change: FirstChange, _ resource: GroupResource, _ visit: (ObjectVersion) throws -> Bool
    ) throws -> Bool {
        guard change.kind != .added else { return true }
        let statement = try db.cachedStatement(sql: "SELECT json FROM changes WHERE revision = ?")
        guard let value = try DatabaseValue.fetchOne(statement, arguments: [change.revision]) else { return true }
        return try visit(try version(value, resource, change.key))
    }
}

extension ObjectKey {
    /// In the order of SQLite, which compares bytes.
    fileprivate func precedes(_ other: ObjectKey) -> Bool {
        let (left, right) = ((namespace ?? "").utf8, (other.namespace ?? "").utf8)
        if left.elementsEqual(right) { return name.utf8.lexicographicallyPrecedes(other.name.utf8) }
        return left.lexicographicallyPrecedes(right)
    }
}
