import KubeController
import Synchronization

/// Time in which waiting takes none: every sleep is over at once, and the clock has moved on by it. Each look at the
/// clock moves it on too, so that nothing that happens only so often is left out.
final class SkippingTime: TimeSource {
    private let state = Mutex<(now: Duration, sleeps: [Duration])>((.zero, []))

    var now: Duration {
        state.withLock { state in
            state.now += .milliseconds(100)
            return state.now
        }
    }
    var microsecondsSince1970: Int64 { 1_767_225_600_000_000 }
    /// How long was slept, each time.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func sleep(until moment: Duration) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.sleeps.append(moment - state.now)
            state.now = max(state.now, moment)
        }
        await Task.yield()
    }
}
