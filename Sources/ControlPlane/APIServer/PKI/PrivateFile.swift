import Glibc

/// A file that only its owner may read, written so that no one ever sees half of it.
package enum PrivateFile {
    /// Why a file could not be read or written.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String

        init(_ action: String, _ path: String) {
            description = "cannot \(action) \(path): \(String(cString: strerror(errno)))"
        }
    }

    /// Makes the directory (0700) where it does not exist.
    static func makeDirectory(_ path: String) throws(Failure) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw Failure("make the directory", path) }
    }

    /// Writes a new file (0600) beside `path`, flushes it to the disk, and puts it in the place of `path`.
    package static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("write", temporary) }
        let isWritten = writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten, rename(temporary, path) == 0 else {
            let failure = Failure("write", path)
            unlink(temporary)
            throw failure
        }
    }

    static func write(_ text: String, to path: String) throws(Failure) { try write(Array(text.utf8), to: path) }

    /// The file's text; `nil` where there is no such file.
    static func read(_ path: String) throws(Failure) -> String? {
        try bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The file's bytes; `nil` where there is no such file.
    package static func bytes(_ path: String) throws(Failure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure("read", path)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Whether all of it was written.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}
