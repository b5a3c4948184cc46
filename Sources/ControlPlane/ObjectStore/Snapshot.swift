import GRDB
import JSONModel
package import KubeModel

/// The store at one revision. It lives only inside the closure that it was handed to.
package struct Snapshot {
    let db: Database
    let path: String

    /// The revision of a store to which nothing was ever written. It is not 0, which means "any" in the API.
    static let firstRevision = 1

    /// That of the latest change.
    package func revision() throws -> Int {
        let statement = try db.cachedStatement(sql: "SELECT max(revision) FROM changes")
        return try Int.fetchOne(statement) ?? Self.firstRevision
    }

    package func object(_ resource: GroupResource, _ key: ObjectKey) throws -> Object? {
        let statement = try db.cachedStatement(
            sql: "SELECT json FROM objects WHERE resource = ? AND namespace = ? AND name = ?")
        return try String.fetchOne(statement, arguments: [resource.name, key.namespace ?? "", key.name]).map(parse)
    }

    /// The objects of a resource by namespace and name, from behind `after` on, until `visit` answers false.
    ///
    /// - Parameter namespace: `nil` for all.
    package func visit(
        _ resource: GroupResource, namespace: String? = nil, after: ObjectKey? = nil, _ visit: (Object) -> Bool
    ) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT json FROM objects WHERE resource = ? AND (namespace, name) > (?, ?)
                \(namespace == nil ? "" : "AND namespace = ?") ORDER BY namespace, name
                """)
        var arguments: StatementArguments = [resource.name, after?.namespace ?? "", after?.name ?? ""]
        if let namespace { arguments += [namespace] }
        let rows = try String.fetchCursor(statement, arguments: arguments)
        while let text = try rows.next() {
            guard visit(try parse(text)) else { return }
        }
    }

    package func objects(_ resource: GroupResource, namespace: String? = nil) throws -> [Object] {
        var objects: [Object] = []
        try visit(resource, namespace: namespace) {
            objects.append($0)
            return true
        }
        return objects
    }

    /// The objects of a resource that were not written for longest, at most `limit`, the oldest first.
    package func oldest(_ resource: GroupResource, limit: Int) throws -> [Object] {
        let statement = try db.cachedStatement(
            sql: "SELECT json FROM objects WHERE resource = ? ORDER BY revision LIMIT ?")
        return try String.fetchAll(statement, arguments: [resource.name, limit]).map(parse)
    }

    /// How many objects of a resource there are behind `after`.
    package func count(_ resource: GroupResource, namespace: String? = nil, after: ObjectKey? = nil) throws -> Int {
        let statement = try db.cachedStatement(
            sql: """
                SELECT count(*) FROM objects WHERE resource = ? AND (namespace, name) > (?, ?)
                \(namespace == nil ? "" : "AND namespace = ?")
                """)
        var arguments: StatementArguments = [resource.name, after?.namespace ?? "", after?.name ?? ""]
        if let namespace { arguments += [namespace] }
        return try Int.fetchOne(statement, arguments: arguments) ?? 0
    }

    func parse(_ text: String) throws -> Object {
        do { return Object(try JSONValue(parsing: text)) } catch {
            throw StoreError.corrupt(path, "an object that is no JSON: \(error)")
        }
    }
}
