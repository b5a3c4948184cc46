import FoundationEssentials
import GRDB
import Glibc

/// A file that goes along with a store's backup.
package struct BackupFile: Sendable, Hashable {
    /// Relative to the data directory: `pki/ca.pem`.
    package var path: String
    package var bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// A backup is one SQLite file (0600): the store at one revision, and a table `backup` with the files that belong to it.
/// Whoever has it can read everything in it: it holds the keys, too.
package enum StoreBackup {
    /// By how much the revision grows when a backup is put back: no client knows one of those, so that all of them list
    /// again. As etcdutl's `--bump-revision` is commonly given.
    static let revisionBump = 1_000_000_000

    /// More than there can be: a revision of so many for each second since 1970 is beyond any that was given out since
    /// an earlier restore.
    static let writesPerSecond = 1_000_000

    /// Copies the store at `path`, which may be in use, as it is at one moment; writes go on meanwhile.
    ///
    /// Throws `StoreError`; never writes over a file.
    package static func make(of path: String, with files: [BackupFile], to target: String) throws(StoreError) {
        do {
            guard access(path, F_OK) == 0 else { throw StoreError.noStore(path) }
            guard access(target, F_OK) != 0 else { throw StoreError.exists(target) }
            let draft = target + ".part"
            try makePrivate(draft)
            do {
                try copy(path, to: draft)
                try add(files, to: draft)
                try publish(draft, target)
            } catch {
                unlink(draft)
                throw error
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private static func copy(_ path: String, to draft: String) throws {
        let source = try DatabaseQueue(path: path)
        try source.writeWithoutTransaction { db in
            try StoreSchema.requireKnown(db, path: path)
            try StoreFile.check(db, path)
            try db.execute(sql: "VACUUM INTO ?", arguments: [draft])
        }
        try source.close()
    }

    private static func add(_ files: [BackupFile], to draft: String) throws {
        let copy = try DatabaseQueue(path: draft)
        try copy.write { db in
            try db.execute(sql: "CREATE TABLE backup (path TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID")
            for file in files {
                try db.execute(
                    sql: "INSERT INTO backup (path, bytes) VALUES (?, ?)", arguments: [file.path, Data(file.bytes)])
            }
        }
        try copy.close()
    }

    /// An empty file that only its owner can read; SQLite writes into it.
    static func makePrivate(_ path: String) throws {
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError.cannot("write", path) }
        close(descriptor)
    }

    /// Gives a finished file its name, once the disk has it.
    static func publish(_ draft: String, _ path: String) throws {
        let descriptor = open(draft, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError.cannot("write", draft) }
        let isSynced = fsync(descriptor) == 0
        guard close(descriptor) == 0, isSynced, rename(draft, path) == 0 else { throw StoreError.cannot("write", path) }
    }
}

extension StoreError {
    static func cannot(_ action: String, _ path: String) -> StoreError {
        StoreError(.notWritable, "cannot \(action) \(path): \(String(cString: strerror(errno)))")
    }

    fileprivate static func noStore(_ path: String) -> StoreError {
        StoreError(.other, "there is no store at \(path): nothing to back up. Give the data directory with --data-dir.")
    }

    fileprivate static func exists(_ path: String) -> StoreError {
        StoreError(.conflict, "\(path) exists already, and a backup never writes over a file: give another name.")
    }
}
