import KubeController
import Synchronization

/// Lets news of progress through at most twice a second.
final class ProgressThrottle: Sendable {
    private let interval: Duration
    private let time: any TimeSource
    private let last = Mutex<Duration?>(nil)

    init(interval: Duration = .milliseconds(500), time: any TimeSource) {
        self.interval = interval
        self.time = time
    }

    func isLetThrough() -> Bool {
        let now = time.now
        return last.withLock { last in
            if let last, now - last < interval { return false }
            last = now
            return true
        }
    }
}
