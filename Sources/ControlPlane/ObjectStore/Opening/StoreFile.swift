import GRDB
import Glibc

/// The store's file while it is opened: checked, brought up to date, its keys at hand.
struct StoreFile {
    let pool: DatabasePool
    let rows: RowText
    let revision: Int

    /// Throws `StoreError`, or what GRDB throws. A file that cannot be used is left as it was.
    init(_ path: String, _ configuration: StoreConfiguration) throws {
        // SQLite gives its other files the rights of this one.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { Glibc.close(descriptor) }
        let pool = try DatabasePool(path: path, configuration: Self.connection)
        (rows, revision) = try pool.writeWithoutTransaction { db in
            // GRDB's own choice is NORMAL, which may lose the last commits when the machine dies.
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = \(Self.logLimit)")
            // Whatever refuses the file comes before what changes it: the Martlet of before can still use it then.
            try StoreSchema.requireKnown(db, path: path)
            try Self.check(db, path)
            let rows = try Self.rows(db, path, configuration)
            let isMigrated = try StoreSchema.migrate(db, path: path, program: configuration.program)
            var isSealed = false
            try db.inTransaction(.immediate) {
                isSealed = try Sealing(db: db, rows: rows).run()
                return .commit
            }
            if rows.keys != nil, isMigrated || isSealed { try Self.forgetOpenText(db) }
            return (rows, try Snapshot(db: db, path: path, rows: rows).revision())
        }
        self.pool = pool
    }

    /// Bytes of the write-ahead log that are kept from one use of it to the next.
    private static let logLimit = 16 << 20

    /// KiB of pages that each connection keeps for itself. The system keeps them too, and what a connection has kept is of
    /// no use to it once another one has written.
    private static let cacheSize = 512

    static var connection: Configuration {
        var configuration = Configuration()
        configuration.label = "martlet.store"
        configuration.busyMode = .timeout(2)
        configuration.maximumReaderCount = 3
        // What is deleted is overwritten: Secrets that lay open, keys of a backup.
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA secure_delete = ON; PRAGMA cache_size = -\(cacheSize)")
        }
        return configuration
    }

    static func check(_ db: Database, _ path: String) throws {
        let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
        guard verdict == "ok" else { throw StoreError.corrupt(path, verdict) }
    }

    /// Makes the key file where there is none, unless something is sealed already.
    private static func rows(_ db: Database, _ path: String, _ configuration: StoreConfiguration) throws -> RowText {
        var rows = RowText(encrypted: configuration.encrypted, path: path)
        guard let file = configuration.keyFile else { return rows }
        if let keys = try KeyFile.read(file) {
            rows.keys = keys
            return rows
        }
        guard try !holdsEnvelopes(db) else { throw StoreError.noKeyFile(file, store: path) }
        let keys = EncryptionKeys.new(path: file, now: configuration.now())
        try KeyFile.make(keys, file)
        rows.keys = keys
        return rows
    }

    private static func holdsEnvelopes(_ db: Database) throws -> Bool {
        guard try db.tableExists("objects") else { return false }
        return try Int.fetchOne(
            db,
            sql: """
                SELECT 1 FROM objects WHERE typeof(json) = 'blob'
                UNION ALL SELECT 1 FROM changes WHERE typeof(json) = 'blob' LIMIT 1
                """) != nil
    }

    /// What lay open before it was sealed is also in free pages and in the log.
    private static func forgetOpenText(_ db: Database) throws {
        try db.execute(sql: "VACUUM")
        _ = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
}

extension StoreError {
    fileprivate static func noKeyFile(_ file: String, store: String) -> StoreError {
        StoreError(
            .key,
            "The store \(store) holds encrypted objects, and the key file \(file) is gone. Put it back: a backup has it "
                + "(martlet restore). Without it those objects cannot be read.")
    }
}
