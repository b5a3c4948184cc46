import NIOCore
import Synchronization

/// When the watches of an event loop send what has happened: in rounds, each of which serves all that have something.
///
/// A change that a thousand watch takes the loop some milliseconds. The next round begins as long after one as that
/// took, so that the requests on the same loop go on; what happens meanwhile goes out together.
final class WatchRounds: Sendable {
    /// A round that was shorter is followed at once.
    static let shortRound = TimeAmount.milliseconds(1)
    /// A watcher waits no longer, however long the round before took.
    static let longestPause = TimeAmount.milliseconds(50)

    private struct State {
        var waiting: [@Sendable () -> Void] = []
        /// The loop has been called, and has not begun the round yet.
        var isCalled = false
    }

    private let loop: any EventLoop
    private let now: @Sendable () -> NIODeadline
    private let state = Mutex(State())
    /// No round begins before. Of the loop.
    private let earliest: NIOLoopBoundBox<NIODeadline>

    init(_ loop: any EventLoop, now: @escaping @Sendable () -> NIODeadline = { .now() }) {
        self.loop = loop
        self.now = now
        earliest = .makeBoxSendingValue(.uptimeNanoseconds(0), eventLoop: loop)
    }

    /// Calls `watcher` in the next round, on the loop. From any thread.
    func add(_ watcher: @escaping @Sendable () -> Void) {
        let mustCall = state.withLock { state in
            state.waiting.append(watcher)
            defer { state.isCalled = true }
            return !state.isCalled
        }
        if mustCall { loop.execute { self.begin() } }
    }

    private func begin() {
        let time = earliest.value
        if now() < time { loop.scheduleTask(deadline: time) { self.run() } } else { run() }
    }

    private func run() {
        let watchers = state.withLock { state in
            defer { state = State() }
            return state.waiting
        }
        let start = now()
        for watcher in watchers { watcher() }
        let end = now()
        if end - start > Self.shortRound { earliest.value = end + min(end - start, Self.longestPause) }
    }
}
