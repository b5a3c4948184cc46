import GRDB
import JSONModel
package import KubeModel

/// A write in the making: what it reads is current, and no other write comes between its reading and its writing. It
/// lives only inside the closure that it was handed to; if that throws, nothing was written.
package final class Transaction {
    package let snapshot: Snapshot
    /// What was written so far, in order.
    private(set) var changes: [Change] = []
    private let changeLimit: Int
    private var revision: Int

    init(_ snapshot: Snapshot, changeLimit: Int) throws {
        self.snapshot = snapshot
        self.changeLimit = changeLimit
        revision = try snapshot.revision()
    }

    /// Stores a new object, and answers with it in its revision.
    ///
    /// Throws `StoreError.conflict` where there is one of that name, or with that uid.
    package func insert(_ object: Object, _ resource: GroupResource) throws -> Object {
        let object = advance(object)
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO objects (resource, namespace, name, uid, revision, json) VALUES (?, ?, ?, ?, ?, ?)
                """)
        let text = object.json.text
        try statement.execute(arguments: [
            resource.name, object.namespace ?? "", object.name, object.uid, revision, text,
        ])
        try insertOwners(of: object, id: db.lastInsertedRowID)
        try record(.added, resource, object, text, previous: nil)
        return object
    }

    /// Stores `object` in the place of `old`, and answers with it in its revision.
    ///
    /// Throws `StoreError.conflict` if the stored object is no longer in `old`'s revision.
    package func replace(_ old: Object, with object: Object, _ resource: GroupResource) throws -> Object {
        let object = advance(object)
        let statement = try db.cachedStatement(
            sql: """
                UPDATE objects SET revision = ?, json = ?
                WHERE resource = ? AND namespace = ? AND name = ? AND revision = ? RETURNING id
                """)
        let text = object.json.text
        let id = try Int64.fetchOne(
            statement,
            arguments: [
                revision, text, resource.name, old.namespace ?? "", old.name, Int(old.resourceVersion),
            ])
        guard let id else { throw stale(old, resource) }
        if object.ownerReferences != old.ownerReferences { try replaceOwners(of: object, id: id) }
        try record(.modified, resource, object, text, previous: old)
        return object
    }

    /// Removes the object, and answers with it as it last was, in the revision of its removal.
    ///
    /// Throws `StoreError.conflict` if the stored object is no longer in `old`'s revision.
    package func remove(_ old: Object, _ resource: GroupResource) throws -> Object {
        let object = advance(old)
        let statement = try db.cachedStatement(
            sql: "DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ? AND revision = ?")
        try statement.execute(arguments: [
            resource.name, old.namespace ?? "", old.name, Int(old.resourceVersion),
        ])
        guard db.changesCount == 1 else { throw stale(old, resource) }
        try record(.deleted, resource, object, object.json.text, previous: old)
        return object
    }

    private var db: Database { snapshot.db }

    private func advance(_ object: Object) -> Object {
        revision += 1
        var object = object
        object.resourceVersion = String(revision)
        return object
    }

    private func stale(_ object: Object, _ resource: GroupResource) -> StoreError {
        StoreError(.conflict, "\(resource) \"\(object.key)\" is not in revision \(object.resourceVersion)")
    }

    private func replaceOwners(of object: Object, id: Int64) throws {
        try db.cachedStatement(sql: "DELETE FROM owners WHERE object = ?").execute(arguments: [id])
        try insertOwners(of: object, id: id)
    }

    private func insertOwners(of object: Object, id: Int64) throws {
        for owner in object.ownerReferences {
            try db.cachedStatement(sql: "INSERT OR IGNORE INTO owners (uid, object) VALUES (?, ?)")
                .execute(arguments: [owner.uid, id])
        }
    }
}

extension Transaction {
    /// How many changes are forgotten at once.
    private static let compactionStride = 100

    private func record(
        _ kind: Change.Kind, _ resource: GroupResource, _ object: Object, _ text: String, previous: Object?
    ) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO changes (revision, resource, namespace, kind, previous, json) VALUES (?, ?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            revision, resource.name, object.namespace ?? "", kind.rawValue,
            previous.flatMap { Int($0.resourceVersion) }, text,
        ])
        changes.append(
            Change(revision: revision, resource: resource, kind: kind, object: object, previous: previous))
        if revision.isMultiple(of: Self.compactionStride) { try compact() }
    }

    private func compact() throws {
        try db.cachedStatement(sql: "DELETE FROM changes WHERE revision <= ?")
            .execute(arguments: [revision - changeLimit])
    }
}
