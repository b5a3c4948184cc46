import Glibc
import KubeController
import ModelStorage

/// A lock that processes share by a file. The kernel lets go of it when the last process that has it open ends.
final class FileLock: Sendable {
    let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// - Parameter waiting: called once if somebody else has it.
    /// - Throws: `FileError` or `CancellationError`.
    static func acquire(_ path: String, time: any TimeSource, waiting: () -> Void) async throws -> FileLock {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError("cannot write", path) }
        let lock = FileLock(descriptor)
        var isFirst = true
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw FileError("cannot lock", path) }
            if isFirst { waiting() }
            isFirst = false
            try await time.sleep(for: .milliseconds(200))
        }
        return lock
    }
}
