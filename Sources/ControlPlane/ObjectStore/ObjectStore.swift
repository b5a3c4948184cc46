import GRDB
package import KubeModel

/// Objects in an SQLite database: as canonical JSON, each write durable before it is acknowledged, each change with a
/// revision of its own (the API's resourceVersion), kept for a while for those who watch, or list what was.
///
/// Writes run one after the other, each as a closure over the current state, so that whatever a write looks at (the
/// object, its namespace, its owners) holds when it is committed. Reads see one consistent state and wait for no write.
///
/// While the disk is full or fails, writes are refused and reads go on; a write is tried again each second, and the
/// first that works ends that.
package final class ObjectStore: Sendable {
    /// Tells of committed changes.
    package let hub: ChangeHub
    private let pool: DatabasePool
    private let rows: RowText
    private let path: String
    private let writes: WriteQueue

    /// Opens the store, or makes it where there is none.
    ///
    /// Throws `StoreError` for a file that is damaged, of a newer Martlet, or sealed with other keys; it is left as it is.
    ///
    /// - Parameter path: of the database; SQLite keeps `path-wal` and `path-shm` beside it.
    package init(path: String, _ configuration: StoreConfiguration = StoreConfiguration()) throws(StoreError) {
        do {
            let file = try StoreFile(path, configuration)
            pool = file.pool
            rows = file.rows
            self.path = path
            hub = ChangeHub(published: file.revision)
            writes = WriteQueue(file, hub: hub, path: path, configuration)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Why writes are refused at present; `nil` where they are not.
    package var readOnlyReason: StoreError? { writes.gate.failure }

    /// Reads at one consistent state, on the caller's own thread: a hop to another costs more than most reads do.
    ///
    /// Throws what `body` throws, or `StoreError`.
    package func read<Value>(_ body: (Snapshot) throws -> Value) async throws -> Value {
        try translating { try pool.read { try body(snapshot($0)) } }
    }

    /// The object as it is now, as it is stored; `nil` where there is none.
    package func version(_ resource: GroupResource, _ key: ObjectKey) async throws -> ObjectVersion? {
        // One query is of one state, without a transaction around it.
        try translating { try pool.unsafeRead { try snapshot($0).version(resource, key) } }
    }

    private func snapshot(_ db: Database) -> Snapshot { Snapshot(db: db, path: path, rows: rows) }

    /// Not async, so that GRDB's own reads are not either.
    private func translating<Value>(_ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as DatabaseError { throw StoreError(error, path: path) }
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
        try await version(resource, key)?.object()
    }

    /// Ends the use of the file; later reads and writes fail.
    package func close() throws(StoreError) {
        do {
            // What a full disk leaves in the log is read from there at the next start.
            try? pool.writeWithoutTransaction { _ = try Row.fetchOne($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            try pool.close()
        } catch { throw StoreError(error, path: path) }
    }
}
