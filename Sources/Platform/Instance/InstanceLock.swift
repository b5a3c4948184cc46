import Glibc

/// One Martlet for each data directory: an exclusive lock on a file, which the kernel lets go of however Martlet ends.
package struct InstanceLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock and writes this process's id into the file.
    ///
    /// - Throws: `StartFailure` that says who holds it.
    package init(_ directory: DataDirectory) throws(StartFailure) {
        let descriptor = open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StartFailure("\(directory.lock) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.holder(directory).map { " (process \($0))" } ?? ""
            close(descriptor)
            throw StartFailure(
                "Martlet already runs on \(directory.path)\(holder). Stop it with `martlet down`, "
                    + "or start this one with another --data-dir and other ports.")
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0, write(descriptor, text, text.count) == text.count else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw StartFailure("\(directory.lock) cannot be written: \(reason)")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Lets go of the lock.
    package consuming func release() {}

    /// The process that holds the lock; `nil` where nobody does.
    package static func holder(_ directory: DataDirectory) -> Int32? {
        let descriptor = open(directory.lock, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: buffer[..<count], as: UTF8.self).prefix { $0.isNumber })
    }
}
