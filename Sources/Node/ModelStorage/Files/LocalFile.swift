import CPosix
import Glibc

/// A failed call on a file.
package struct FileError: Error, Hashable, CustomStringConvertible {
    /// What was tried: `cannot write`.
    package var operation: String
    package var path: String
    package var code: Int32

    /// Takes the code from `errno`.
    package init(_ operation: String, _ path: String) {
        self.operation = operation
        self.path = path
        code = errno
    }

    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    package var isFull: Bool { code == ENOSPC || code == EDQUOT }
    package var reason: String { String(cString: strerror(code)) }
    package var description: String { "\(operation) \(path): \(reason)" }
}

/// An open file that is read and written at given places; closed with the value.
struct LocalFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    init(reading path: String) throws(FileError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("cannot read", path) }
    }

    /// Opens for reading and writing, making the file if there is none. With `exclusively` there must be none, and a
    /// link in its place is an error.
    init(writing path: String, exclusively: Bool = false) throws(FileError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (exclusively ? O_EXCL | O_NOFOLLOW : 0), 0o644)
        guard descriptor >= 0 else { throw FileError("cannot write", path) }
    }

    deinit { close(descriptor) }

    func size() throws(FileError) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError("cannot read", path) }
        return Int64(status.st_size)
    }

    /// Fills the buffer from `offset` on; fewer bytes than it holds only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FileError) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError("cannot read", path) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// Up to `count` bytes from `offset` on; fewer only at the end of the file.
    func read(_ count: Int, at offset: Int64) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = bytes.withUnsafeMutableBytes { buffer -> Result<Int, FileError> in
            // SAFETY: the buffer is used within this closure only.
            do throws(FileError) { return .success(try read(into: buffer, at: offset)) } catch {
                return .failure(error)
            }
        }
        bytes.removeLast(count - (try result.get()))
        return bytes
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError("cannot write", path) }
            done += count
        }
    }

    func truncate(to size: Int64) throws(FileError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw FileError("cannot write", path) }
    }

    /// Takes the room for so many bytes on the disk, where the file system knows how.
    func allocate(_ size: Int64) throws(FileError) {
        guard size > 0, cposix_allocate(descriptor, size) != 0, errno != EOPNOTSUPP, errno != ENOSYS else {
            return
        }
        throw FileError("cannot write", path)
    }

    /// Waits until the bytes are on the disk.
    func sync() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw FileError("cannot write", path) }
    }

    func setMode(_ mode: mode_t) throws(FileError) {
        guard fchmod(descriptor, mode) == 0 else { throw FileError("cannot write", path) }
    }
}
