import GRDB
import JSONModel
package import KubeModel

/// A write in the making: what it reads is current, and no other write comes between its reading and its writing. It
/// lives only inside the closure that it was handed to; if that throws, nothing was written.
package final class Transaction {
    package let snapshot: Snapshot
    /// What was written so far, in order.
    private(set) var changes: [Change] = []
    /// Seconds since 1970.
    private let now: Int64
    private let compaction: Compaction
    private var revision: Int

    init(_ snapshot: Snapshot, now: Int64, _ compaction: Compaction) throws {
        self.snapshot = snapshot
        self.now = now
        self.compaction = compaction
        revision = try snapshot.revision()
    }

    /// Stores a new object, and answers with it in its revision.
    ///
    /// Throws `StoreError.conflict` where there is one of that name, or with that uid.
    package func insert(_ object: Object, _ resource: GroupResource) throws -> Object {
        let object = advance(object)
        let version = ObjectVersion(object, text: object.json.text)
        let statement = try db.cachedStatement(
            sql: "INSERT INTO objects (resource, namespace, name, uid, revision, json) VALUES (?, ?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            resource.name, object.namespace ?? "", object.name, object.uid, revision, try value(version, resource),
        ])
        try insertOwners(of: object, id: db.lastInsertedRowID)
        try record(.added, resource, version)
        return object
    }

    /// Stores `object` in the place of `old`, and answers with it in its revision.
    ///
    /// Throws `StoreError.conflict` if the stored object is no longer in `old`'s revision.
    package func replace(_ old: Object, with object: Object, _ resource: GroupResource) throws -> Object {
        let object = advance(object)
        let version = ObjectVersion(object, text: object.json.text)
        try record(.modified, resource, version, ending: old)
        let statement = try db.cachedStatement(
            sql:
                "UPDATE objects SET revision = ?, json = ? WHERE resource = ? AND namespace = ? AND name = ? RETURNING id"
        )
        let id = try Int64.fetchOne(
            statement,
            arguments: [revision, try value(version, resource), resource.name, old.namespace ?? "", old.name])
        guard let id else { throw stale(old, resource) }
        if object.ownerReferences != old.ownerReferences { try replaceOwners(of: object, id: id) }
        return object
    }

    /// Removes the object, and answers with it as it last was, in the revision of its removal.
    ///
    /// Throws `StoreError.conflict` if the stored object is no longer in `old`'s revision.
    package func remove(_ old: Object, _ resource: GroupResource) throws -> Object {
        let object = advance(old)
        try record(.deleted, resource, ObjectVersion(object), ending: old)
        let statement = try db.cachedStatement(
            sql: "DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?")
        try statement.execute(arguments: [resource.name, old.namespace ?? "", old.name])
        return object
    }

    private var db: Database { snapshot.db }

    private func advance(_ object: Object) -> Object {
        revision += 1
        var object = object
        object.resourceVersion = String(revision)
        return object
    }

    private func value(_ version: ObjectVersion, _ resource: GroupResource) throws -> DatabaseValue {
        try snapshot.rows.value(version.text, resource, version.key)
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
    private func record(_ kind: Change.Kind, _ resource: GroupResource, _ version: ObjectVersion) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO changes (revision, resource, namespace, name, kind, time) VALUES (?, ?, ?, ?, ?, ?)")
        try statement.execute(arguments: [
            revision, resource.name, version.key.namespace ?? "", version.key.name, kind.rawValue, now,
        ])
        try add(Change(revision: revision, resource: resource, kind: kind, version: version, previous: nil))
    }

    /// Moves `old`, as it is stored, into the log. To be called before it is written over.
    private func record(
        _ kind: Change.Kind, _ resource: GroupResource, _ version: ObjectVersion, ending old: Object
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO changes (revision, resource, namespace, name, kind, time, previous, json)
                SELECT ?, resource, namespace, name, ?, ?, revision, json FROM objects
                WHERE resource = ? AND namespace = ? AND name = ? AND revision = ?
                """)
        try statement.execute(arguments: [
            revision, kind.rawValue, now, resource.name, old.namespace ?? "", old.name, Int(old.resourceVersion),
        ])
        guard db.changesCount == 1 else { throw stale(old, resource) }
        try add(
            Change(
                revision: revision, resource: resource, kind: kind, version: version, previous: ObjectVersion(old)))
    }

    private func add(_ change: Change) throws {
        changes.append(change)
        if change.revision.isMultiple(of: Compaction.stride) { try compaction.run(db, at: change.revision, now: now) }
    }
}
