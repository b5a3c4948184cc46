import CPosix
import Glibc

/// Threads of our own, for work that waits in system calls: Swift's pool is not to be blocked.
enum Threads {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread.
    ///
    /// - Parameter name: at most 15 bytes, as shown by `top -H`.
    static func start(name: String, _ run: @escaping @Sendable () -> Void) throws(PosixError) {
        // SAFETY: the thread takes over the one reference that is handed to it here.
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let error = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard error == 0 else {
            body.release()
            throw PosixError("start thread \(name)", error)
        }
        cposix_name_thread(thread, name)
        pthread_detach(thread)
    }
}
