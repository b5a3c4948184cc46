import GRDB
package import KubeModel

/// Objects in an SQLite database: as canonical JSON, each write durable before it is acknowledged, each change with a
/// revision of its own (the API's resourceVersion), kept for a while for those who watch.
///
/// Writes run one after the other, each as a closure over the current state, so that whatever a write looks at (the
/// object, its namespace, its owners) holds when it is committed. Reads see one consistent state and wait for no write.
package final class ObjectStore: Sendable {
    /// Tells of committed changes.
    package let hub: ChangeHub
    private let pool: DatabasePool
    private let path: String
    private let writes: WriteQueue

    /// Opens the store, or makes it where there is none.
    ///
    /// - Parameters:
    ///   - path: of the database; SQLite keeps `path-wal` and `path-shm` beside it.
    ///   - changeLimit: how many changes are kept, more or less.
    package init(path: String, changeLimit: Int = 10_000) throws(StoreError) {
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            let revision = try pool.writeWithoutTransaction { db in
                // GRDB's own choice is NORMAL, which may lose the last commits when the machine dies.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                try StoreSchema.migrate(db, path: path)
                return try Snapshot(db: db, path: path).revision()
            }
            self.pool = pool
            self.path = path
            hub = ChangeHub(published: revision)
            writes = WriteQueue(pool: pool, hub: hub, path: path, changeLimit: changeLimit)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "martlet.store"
        configuration.busyMode = .timeout(2)
        configuration.maximumReaderCount = 3
        return configuration
    }

    /// Reads at one consistent state.
    ///
    /// Throws what `body` throws, or `StoreError`.
    package func read<Value: Sendable>(_ body: @escaping @Sendable (Snapshot) throws -> Value) async throws -> Value {
        do {
            return try await pool.read { [path] db in try body(Snapshot(db: db, path: path)) }
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
    }

    /// Runs `body` alone on the current state, and returns once what it wrote is durable. A task that is cancelled
    /// meanwhile does not undo it.
    ///
    /// Throws what `body` throws (nothing was written then), or `StoreError`.
    ///
    /// - Parameter isDryRun: whether to undo what `body` wrote.
    package func write<Value: Sendable>(
        isDryRun: Bool = false, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await withCheckedThrowingContinuation { continuation in
                writes.enqueue(WriteOf(isDryRun: isDryRun, continuation: continuation, body: body))
            }
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
    }

    /// The object as it is now; `nil` where there is none.
    package func object(_ resource: GroupResource, _ key: ObjectKey) async throws -> Object? {
        try await read { try $0.object(resource, key) }
    }

    /// Ends the use of the file; later reads and writes fail.
    package func close() throws(StoreError) {
        do { try pool.close() } catch { throw StoreError(error, path: path) }
    }
}
