package import APIServer
import Glibc
package import ObjectStore

extension DataDirectory {
    /// Beside the database, what cannot be made again: the keys that seal Secrets, and the certificates and keys that
    /// clients trust. Models and environments can be fetched again; the kubeconfig is written at each start.
    ///
    /// - Throws: `PrivateFile.Failure` that names the file that cannot be read.
    package func irreplaceableFiles() throws(PrivateFile.Failure) -> [BackupFile] {
        var files: [BackupFile] = []
        for path in ["encryption.keys"] + Folder.files(below: "pki", in: self.path) {
            guard let bytes = try PrivateFile.bytes("\(self.path)/\(path)") else { continue }
            files.append(BackupFile(path: path, bytes: bytes))
        }
        return files
    }

    /// Copies database and files into one file, whether Martlet runs or not.
    ///
    /// - Throws: `PrivateFile.Failure`, `StoreError`.
    package func backUp(to target: String) throws {
        try StoreBackup.make(of: database, with: try irreplaceableFiles(), to: target)
    }

    /// Makes this directory what it was when `backup` was made.
    ///
    /// - Parameters:
    ///   - version: the program's.
    ///   - isForced: sets aside what is there; else a directory with something in it is refused.
    /// - Returns: the folder to which the former contents went.
    /// - Throws: `StartFailure`, `PrivateFile.Failure`, `StoreError`; before anything is changed where the backup is no good or Martlet runs.
    package func restore(from backup: String, version: String, isForced: Bool) throws -> String? {
        let files = try StoreBackup.files(in: backup)
        guard files.map(\.path).allSatisfy(Self.isOfABackup) else {
            throw StartFailure(
                "\(backup) would write files outside the data directory: it was not made by martlet backup.")
        }
        try create()
        let lock = try InstanceLock(self)
        let aside = try setAside(isForced: isForced)
        for file in files {
            let target = "\(path)/\(file.path)"
            try DataDirectory(Folder.parent(of: target)).create()
            try PrivateFile.write(file.bytes, to: target)
        }
        try StoreBackup.restore(backup, to: database, program: version, now: time(nil))
        sync()
        lock.release()
        return aside
    }

    /// Backups come from outside: their paths are not believed.
    private static func isOfABackup(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return path == "encryption.keys"
            || parts.count > 1 && parts[0] == "pki" && !parts.contains { ["", ".", ".."].contains($0) }
    }

    private static let contents = [
        "martlet.db", "martlet.db-wal", "martlet.db-shm", "encryption.keys", "pki", "pods", "kubeconfig",
    ]

    private func setAside(isForced: Bool) throws(StartFailure) -> String? {
        let there = Self.contents.filter { access("\(path)/\($0)", F_OK) == 0 }
        guard !there.isEmpty else { return nil }
        guard isForced else {
            throw StartFailure(
                "\(path) holds a Martlet's state already (\(there.joined(separator: ", "))). Restore into another "
                    + "--data-dir, or give --force, which sets that aside.")
        }
        let aside = "\(path)/aside-\(time(nil))"
        try DataDirectory(aside).create()
        for name in there where rename("\(path)/\(name)", "\(aside)/\(name)") != 0 {
            throw StartFailure("\(path)/\(name) cannot be set aside: \(String(cString: strerror(errno)))")
        }
        return aside
    }
}

/// What lies in folders.
enum Folder {
    /// The regular files below `folder`, as paths relative to `root`, sorted; none where there is no such folder.
    static func files(below folder: String, in root: String) -> [String] {
        guard let stream = opendir("\(root)/\(folder)") else { return [] }
        defer { closedir(stream) }
        var found: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            switch Int(entry.pointee.d_type) {
            case Int(DT_REG): found.append("\(folder)/\(name)")
            case Int(DT_DIR): found += files(below: "\(folder)/\(name)", in: root)
            default: break
            }
        }
        return found.sorted()
    }

    static func parent(of path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }
}
