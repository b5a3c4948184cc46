import Glibc

/// The file that holds a store's keys: 0600, and never written over.
enum KeyFile {
    /// `nil` where there is no such file.
    static func read(_ path: String) throws(StoreError) -> EncryptionKeys? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read", path)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw failure("read", path) }
        return try EncryptionKeys(parsing: String(decoding: bytes[..<count], as: UTF8.self), path: path)
    }

    /// Writes a file that was not there, and does not come back before the disk has it: what is sealed with its key is
    /// lost without it.
    static func make(_ keys: EncryptionKeys, _ path: String) throws(StoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("make", path) }
        let text = Array(keys.text.utf8)
        let isWritten = write(descriptor, text, text.count) == text.count && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten, syncFolder(of: path) else {
            let failure = failure("make", path)
            unlink(path)
            throw failure
        }
    }

    private static func syncFolder(of path: String) -> Bool {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    private static func failure(_ action: String, _ path: String) -> StoreError {
        StoreError(.key, "The key file \(path): cannot \(action) it: \(String(cString: strerror(errno)))")
    }
}
