import FoundationEssentials
import GRDB
import Glibc

extension StoreBackup {
    /// The files in a backup, which is looked at as a whole first.
    ///
    /// Throws `StoreError` for what is no backup, or is damaged, or is of a newer Martlet.
    package static func files(in backup: String) throws(StoreError) -> [BackupFile] {
        do {
            guard access(backup, R_OK) == 0 else { throw StoreError.cannot("read", backup) }
            var configuration = Configuration()
            configuration.readonly = true
            return try DatabaseQueue(path: backup, configuration: configuration).read { db in
                try StoreSchema.requireKnown(db, path: backup)
                guard try db.tableExists("backup") else { throw StoreError.noBackup(backup) }
                try StoreFile.check(db, backup)
                return try Row.fetchAll(db, sql: "SELECT path, bytes FROM backup ORDER BY path").map {
                    BackupFile(path: $0[0], bytes: Array($0[1] as Data))
                }
            }
        } catch {
            let failure = StoreError(error, path: backup)
            throw failure.code == .corrupt ? StoreError.damagedBackup(backup, failure.message) : failure
        }
    }

    /// Makes the store at `path`, where there must be none, from a backup. Its revision is far beyond any that a client
    /// may know.
    ///
    /// - Parameters:
    ///   - program: as in `StoreConfiguration`.
    ///   - now: seconds since 1970; so that a backup that is restored twice does not give out the same revisions twice.
    package static func restore(
        _ backup: String, to path: String, program: String, now: Int
    ) throws(StoreError) {
        let draft = path + ".part"
        do {
            try makePrivate(draft)
            var configuration = Configuration()
            configuration.readonly = true
            let source = try DatabaseQueue(path: backup, configuration: configuration)
            try source.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [draft]) }
            try source.close()
            try renew(draft, program, now)
            try publish(draft, path)
        } catch {
            unlink(draft)
            throw StoreError(error, path: path)
        }
    }

    private static func renew(_ draft: String, _ program: String, _ now: Int) throws {
        let copy = try DatabaseQueue(path: draft, configuration: StoreFile.connection)
        try copy.writeWithoutTransaction { db in
            _ = try StoreSchema.migrate(db, path: draft, program: program)
            try db.inTransaction {
                try db.execute(sql: "DROP TABLE backup")
                let revision = try Int.fetchOne(db, sql: "SELECT max(revision) FROM changes")
                let bumped = (revision ?? Snapshot.firstRevision) + revisionBump
                try StoreSchema.mark(db, revision: max(bumped, now * writesPerSecond))
                try db.execute(sql: "DELETE FROM changes WHERE kind <> 3 OR revision <= ?", arguments: [revision ?? 0])
                return .commit
            }
        }
        try copy.close()
    }
}

extension StoreError {
    fileprivate static func noBackup(_ path: String) -> StoreError {
        StoreError(.corrupt, "\(path) is a store, and no backup: make one of it with martlet backup")
    }

    fileprivate static func damagedBackup(_ path: String, _ why: String) -> StoreError {
        StoreError(.corrupt, "\(path) is no backup of Martlet's, or it is damaged. Give another one. (\(why))")
    }
}
