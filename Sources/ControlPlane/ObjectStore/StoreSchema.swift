import GRDB

/// The tables, and how those of older versions become today's. `PRAGMA user_version` says which version a file has.
enum StoreSchema {
    /// "MRTL": what `PRAGMA application_id` says of a file that is ours.
    static let applicationID = 0x4D52_544C

    /// From version n to n + 1. A migration that was released is never changed.
    static let migrations: [@Sendable (Database) throws -> Void] = [createTables]

    /// Brings the file up to date, in one transaction.
    ///
    /// Throws `corrupt` for a database of another program, `newerVersion` for one of a newer Martlet.
    static func migrate(_ db: Database, path: String) throws {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let owner = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
        guard owner == applicationID || isEmpty else { throw StoreError.corrupt(path, "another program's database") }
        guard version <= migrations.count else { throw newer(path, version) }
        guard version < migrations.count else { return }
        try db.inTransaction(.immediate) {
            for migration in migrations[version...] { try migration(db) }
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(migrations.count)")
            return .commit
        }
    }

    private static func newer(_ path: String, _ version: Int) -> StoreError {
        StoreError(
            .newerVersion,
            "The store \(path) has version \(version), this Martlet knows versions up to \(migrations.count). "
                + "Use the Martlet that wrote it, or a newer one.")
    }

    /// `objects` is what there is, `owners` who owns it (by uid), `changes` what happened to it: the latest entry's
    /// revision is the store's.
    private static func createTables(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE objects (
                    id INTEGER PRIMARY KEY,
                    resource TEXT NOT NULL,
                    namespace TEXT NOT NULL,
                    name TEXT NOT NULL,
                    uid TEXT NOT NULL,
                    revision INTEGER NOT NULL,
                    json TEXT NOT NULL,
                    UNIQUE (resource, namespace, name)
                );
                CREATE UNIQUE INDEX objects_by_uid ON objects (uid);
                CREATE INDEX objects_by_namespace ON objects (namespace);
                CREATE INDEX objects_by_revision ON objects (resource, revision);
                CREATE TABLE owners (
                    uid TEXT NOT NULL,
                    object INTEGER NOT NULL REFERENCES objects (id) ON DELETE CASCADE,
                    PRIMARY KEY (uid, object)
                ) WITHOUT ROWID;
                CREATE INDEX owners_by_object ON owners (object);
                CREATE TABLE changes (
                    revision INTEGER PRIMARY KEY,
                    resource TEXT NOT NULL,
                    namespace TEXT NOT NULL,
                    kind INTEGER NOT NULL,
                    previous INTEGER,
                    json TEXT NOT NULL
                );
                """)
    }
}
