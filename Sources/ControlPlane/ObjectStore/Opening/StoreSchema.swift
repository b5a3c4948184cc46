import GRDB

/// The tables, and how those of older versions become today's. `PRAGMA user_version` says which version a file has.
enum StoreSchema {
    /// "MRTL": what `PRAGMA application_id` says of a file that is ours.
    static let applicationID = 0x4D52_544C

    /// From version n to n + 1. A migration that was released is never changed.
    static let migrations: [@Sendable (Database) throws -> Void] = [createTables, keepVersionsThatEnded]

    /// Brings the file up to date, in one transaction, and writes down which program did. Answers whether it was of an
    /// older version before.
    ///
    /// Throws `corrupt` for a database of another program, `newerVersion` for one of a newer Martlet.
    static func migrate(_ db: Database, path: String, program: String) throws -> Bool {
        let version = try requireKnown(db, path: path)
        guard try version < migrations.count || Fact.program.read(db) != program else { return false }
        try db.inTransaction(.immediate) {
            for migration in migrations[version...] { try migration(db) }
            try Fact.program.write(db, program)
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(migrations.count)")
            return .commit
        }
        return (1..<migrations.count).contains(version)
    }

    /// The version of a file; 0 of one that is empty.
    @discardableResult
    static func requireKnown(_ db: Database, path: String) throws -> Int {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let owner = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
        guard owner == applicationID || isEmpty else { throw StoreError.corrupt(path, "another program's database") }
        guard version <= migrations.count else { throw try newer(db, path, version) }
        return version
    }

    private static func newer(_ db: Database, _ path: String, _ version: Int) throws -> StoreError {
        let writer = try Fact.program.read(db).map { "Martlet \($0)" } ?? "a newer Martlet"
        return StoreError(
            .newerVersion,
            "The store \(path) has version \(version) and was written by \(writer); this Martlet knows versions up to "
                + "\(migrations.count). Use \(writer) or a later one; the file was left as it is.")
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

    /// A change keeps the version that it put an end to, not the one that it made: each version is stored once, and
    /// every known revision's state can be shown. The changes until now are forgotten; watches go on behind them.
    private static func keepVersionsThatEnded(_ db: Database) throws {
        let revision = try Int.fetchOne(db, sql: "SELECT max(revision) FROM changes")
        try db.execute(
            sql: """
                DROP TABLE changes;
                CREATE TABLE changes (
                    revision INTEGER PRIMARY KEY,
                    resource TEXT NOT NULL,
                    namespace TEXT NOT NULL,
                    name TEXT NOT NULL,
                    kind INTEGER NOT NULL,
                    time INTEGER NOT NULL,
                    previous INTEGER,
                    json TEXT
                );
                CREATE INDEX changes_by_previous ON changes (previous) WHERE previous IS NOT NULL;
                CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                """)
        if let revision { try mark(db, revision: revision + 1) }
    }

    /// Makes `revision` the store's, without anything having changed. To be followed by forgetting what was before.
    static func mark(_ db: Database, revision: Int) throws {
        try db.execute(
            sql: """
                INSERT INTO changes (revision, resource, namespace, name, kind, time) VALUES (?, '', '', '', 3, 0)
                """, arguments: [revision])
    }
}

/// What a file says of itself, by name.
enum Fact: String {
    /// The version of the Martlet that opened it last.
    case program

    /// `nil` where it is not said.
    func read(_ db: Database) throws -> String? {
        guard try db.tableExists("facts") else { return nil }
        return try String.fetchOne(db, sql: "SELECT value FROM facts WHERE name = ?", arguments: [rawValue])
    }

    func write(_ db: Database, _ value: String) throws {
        try db.execute(sql: "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", arguments: [rawValue, value])
    }
}
