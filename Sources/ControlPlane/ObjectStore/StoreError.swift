import GRDB
import Glibc

/// Why the store could not be opened, read or written. The message names the file and says what to do.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The file or its folder cannot be written, or made.
        case notWritable
        /// The file is no database of Martlet's, or it is damaged.
        case corrupt
        /// A newer Martlet wrote the file.
        case newerVersion
        case diskFull
        /// The disk answers with errors.
        case failing
        /// Another process holds the file.
        case busy
        /// The keys of encrypted objects are not there, or are others.
        case key
        /// The object is not there in the revision that was to be replaced, or is there and was to be inserted.
        case conflict
        case other
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

extension StoreError {
    /// `error` in the store's own terms, with the remedy.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self = Self.translate(error, path)
        default: self.init(.other, "The store \(path): \(error)")
        }
    }

    private static func translate(_ error: DatabaseError, _ path: String) -> StoreError {
        let what = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        return switch error.resultCode {
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            StoreError(
                .notWritable,
                "The store \(path) cannot be written (\(what)). Make its folder, and let this user write to it.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: corrupt(path, what)
        case .SQLITE_FULL:
            StoreError(
                .diskFull,
                "The disk that holds the store \(path) is full (\(what); \(FreeSpace.text(path))). Make room on it: "
                    + "nothing is written until then, and what was written before is safe.")
        case .SQLITE_IOERR:
            StoreError(
                .failing,
                "The disk that holds the store \(path) fails (\(what), code \(error.extendedResultCode.rawValue); "
                    + "\(FreeSpace.text(path))). Look at the system's log, and make a backup (martlet backup) while it "
                    + "can be read: nothing is written until the disk works, and what was written before is safe.")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            StoreError(.busy, "Another process uses the store \(path) (\(what)). Stop it, and start again.")
        case .SQLITE_CONSTRAINT: StoreError(.conflict, "The store \(path) holds such an object already (\(what)).")
        default: StoreError(.other, "The store \(path): \(what).")
        }
    }

    static func corrupt(_ path: String, _ what: String) -> StoreError {
        StoreError(
            .corrupt,
            "The store \(path) is damaged, or no store of Martlet's (\(what)). It was left as it is. Put a backup in its "
                + "place (martlet restore BACKUP --force sets the damaged one aside), or move it away with its -wal and "
                + "-shm files, to begin with an empty one.")
    }
}

/// What is left on a disk.
enum FreeSpace {
    /// `12 KiB free of 2 MiB`.
    static func text(_ path: String) -> String {
        var status = statvfs()
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard statvfs(folder.isEmpty ? "/" : folder, &status) == 0 else { return "free space unknown" }
        return "\(size(status.f_bavail, status.f_frsize)) free of \(size(status.f_blocks, status.f_frsize))"
    }

    private static func size(_ blocks: fsblkcnt_t, _ blockSize: UInt) -> String {
        let bytes = blocks * blockSize
        for (unit, shift) in [("GiB", 30), ("MiB", 20)] where bytes >> UInt(shift) >= 10 {
            return "\(bytes >> UInt(shift)) \(unit)"
        }
        return "\(bytes >> 10) KiB"
    }
}
