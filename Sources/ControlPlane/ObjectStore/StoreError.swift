import GRDB

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
        /// Another process holds the file.
        case busy
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
            StoreError(.diskFull, "The disk that holds the store \(path) is full (\(what)). Make room on it.")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            StoreError(.busy, "Another process uses the store \(path) (\(what)). Stop it, and start again.")
        case .SQLITE_CONSTRAINT: StoreError(.conflict, "The store \(path) holds such an object already (\(what)).")
        default: StoreError(.other, "The store \(path): \(what).")
        }
    }

    static func corrupt(_ path: String, _ what: String) -> StoreError {
        StoreError(
            .corrupt,
            "The store \(path) is damaged, or no store of Martlet's (\(what)). Put a copy of it back, or move it away "
                + "with its -wal and -shm files, to begin with an empty one.")
    }
}
