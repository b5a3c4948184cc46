import GRDB

extension Snapshot {
    /// The object with this uid, of whatever resource.
    package func object(uid: String) throws -> StoredObject? {
        try stored("SELECT resource, namespace, name, json FROM objects WHERE uid = ?", [uid]).first
    }

    package func contains(uid: String) throws -> Bool {
        try exists("SELECT 1 FROM objects WHERE uid = ?", [uid])
    }

    /// The objects that name the object with this uid as one of their owners.
    package func dependents(ofUID uid: String) throws -> [StoredObject] {
        try stored(
            """
            SELECT resource, namespace, name, json FROM objects JOIN owners ON owners.object = objects.id
            WHERE owners.uid = ? ORDER BY objects.id
            """, [uid])
    }

    /// Everything in a namespace.
    package func contents(ofNamespace namespace: String) throws -> [StoredObject] {
        try stored(
            "SELECT resource, namespace, name, json FROM objects WHERE namespace = ? ORDER BY id", [namespace])
    }

    package func isEmpty(namespace: String) throws -> Bool {
        try !exists("SELECT 1 FROM objects WHERE namespace = ? LIMIT 1", [namespace])
    }

    private func stored(_ sql: String, _ arguments: StatementArguments) throws -> [StoredObject] {
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
        var result: [StoredObject] = []
        while let row = try rows.next() {
            let resource = GroupResource(name: row[0])
            let version = try version(row[3], resource, Self.key(row[1], row[2]))
            result.append(StoredObject(resource: resource, object: try version.object()))
        }
        return result
    }

    private func exists(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
        try Int.fetchOne(try db.cachedStatement(sql: sql), arguments: arguments) != nil
    }
}
