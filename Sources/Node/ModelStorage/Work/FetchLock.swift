import Glibc
import KubeController

/// Held by the process that fetches a model: others that share the cache wait for it. Let go when the process ends,
/// however it ends.
final class FetchLock {
    private let descriptor: Int32

    /// - Parameters:
    ///   - directory: of the fetch; made if there is none.
    ///   - waiting: told once, if another process is at it.
    /// - Throws: `FileError` or `CancellationError`.
    init(_ directory: String, time: any TimeSource, waiting: () -> Void) async throws {
        try FileTree.makeDirectory(directory)
        let path = directory + "/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw FileError("cannot write", path) }
        var hasTold = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if !hasTold { waiting() }
            hasTold = true
            try await time.sleep(for: .milliseconds(200))
        }
        // Who had it before removed the directory with the lock: what is locked now, nobody finds.
        try FileTree.makeDirectory(directory)
    }

    deinit { close(descriptor) }
}
