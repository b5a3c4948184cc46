import GRDB
import JSONModel
package import KubeModel

/// The store at one revision. It lives only inside the closure that it was handed to.
package struct Snapshot {
    let db: Database
    let path: String
    let rows: RowText

    /// The revision of a store to which nothing was ever written. It is not 0, which means "any" in the API.
    static let firstRevision = 1

    /// That of the latest change.
    package func revision() throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT max(revision) FROM changes")
        return try Int.fetchOne(statement) ?? Self.firstRevision
    }

    package func object(_ resource: GroupResource, _ key: ObjectKey) throws -> Object? {
        try version(resource, key)?.object()
    }

    /// The object as it is stored.
    package func version(_ resource: GroupResource, _ key: ObjectKey) throws -> ObjectVersion? {
        let statement = try db.cachedStatement(
            sql: "SELECT json FROM objects WHERE resource = ? AND namespace = ? AND name = ?")
        let value = try DatabaseValue.fetchOne(
            statement, arguments: [resource.name, key.namespace ?? "", key.name])
        return try value.map { try version($0, resource, key) }
    }

    /// The objects of a resource by namespace and name, from behind `after` on, until `visit` answers false.
    ///
    /// - Parameter namespace: `nil` for all.
    package func visit(
        _ resource: GroupResource, namespace: String? = nil, after: ObjectKey? = nil,
        _ visit: (ObjectVersion) throws -> Bool
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT namespace, name, json FROM objects WHERE \(Self.condition(namespace))
                ORDER BY namespace, name
                """)
        let rows = try Row.fetchCursor(statement, arguments: Self.scope(resource, namespace, after))
        while let row = try rows.next() {
            guard try visit(try version(row[2], resource, Self.key(row[0], row[1]))) else { return }
        }
    }

    package func objects(_ resource: GroupResource, namespace: String? = nil) throws -> [Object] {
        var objects: [Object] = []
        try visit(resource, namespace: namespace) {
            objects.append(try $0.object())
            return true
        }
        return objects
    }

    /// The objects of a resource that were not written for longest, at most `limit`, the oldest first.
    package func oldest(_ resource: GroupResource, limit: Int) throws -> [Object] {
        let statement = try db.cachedStatement(
            sql: "SELECT namespace, name, json FROM objects WHERE resource = ? ORDER BY revision LIMIT ?")
        return try Row.fetchAll(statement, arguments: [resource.name, limit]).map {
            try version($0[2], resource, Self.key($0[0], $0[1])).object()
        }
    }

    /// How many objects of a resource there are behind `after`.
    package func count(_ resource: GroupResource, namespace: String? = nil, after: ObjectKey? = nil) throws -> Int {
        let statement = try db.cachedStatement(
            sql: "SELECT count(*) FROM objects WHERE \(Self.condition(namespace))")
        return try Int.fetchOne(statement, arguments: Self.scope(resource, namespace, after)) ?? 0
    }
}

extension Snapshot {
    /// What a row's json says. Objects that were read are parsed when they are asked for.
    func version(_ value: DatabaseValue, _ resource: GroupResource, _ key: ObjectKey) throws -> ObjectVersion {
        ObjectVersion(text: try rows.text(value, resource, key), key: key, path: path)
    }

    static func key(_ namespace: String, _ name: String) -> ObjectKey {
        ObjectKey(namespace: namespace.isEmpty ? nil : namespace, name: name)
    }

    /// Which rows are of a resource, behind some key: SQLite begins at that key and ends with the namespace.
    static func condition(_ namespace: String?) -> String {
        namespace == nil
            ? "resource = ? AND (namespace, name) > (?, ?)" : "resource = ? AND namespace = ? AND name > ?"
    }

    /// The arguments of `condition`.
    static func scope(_ resource: GroupResource, _ namespace: String?, _ after: ObjectKey?) -> StatementArguments {
        guard let namespace else { return [resource.name, after?.namespace ?? "", after?.name ?? ""] }
        return [resource.name, namespace, after?.namespace ?? "" == namespace ? after?.name ?? "" : ""]
    }
}
