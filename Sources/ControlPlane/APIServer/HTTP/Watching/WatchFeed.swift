import KubeModel
import Synchronization

/// The events of a watch on their way from the store's writer to the event loop of the connection. Those that the client
/// is not ready for wait here, as what happened and not as bytes, up to a limit.
final class WatchFeed: WatchSink {
    private struct State {
        var waiting: [WatchNotice] = []
        /// The loop has been called, and has not looked yet.
        var isCalled = false
        var end: End?
    }

    /// `reason` is nil where the watch ends by itself.
    struct End: Sendable {
        var reason: Status?
    }

    private let rounds: WatchRounds
    private let state = Mutex(State())
    private let onEvents: @Sendable () -> Void

    /// - Parameter onEvents: called in the rounds, when there is something to take.
    init(_ rounds: WatchRounds, onEvents: @escaping @Sendable () -> Void) {
        self.rounds = rounds
        self.onEvents = onEvents
    }

    func take(_ notice: WatchNotice) -> Bool {
        let isTaken = state.withLock { state in
            guard state.waiting.count < WatchLimit.events else { return false }
            state.waiting.append(notice)
            return true
        }
        call()
        return isTaken
    }

    func end(_ reason: Status?) {
        state.withLock { $0.end = End(reason: reason) }
        call()
    }

    private func call() {
        let mustCall = state.withLock { state in
            defer { state.isCalled = true }
            return !state.isCalled
        }
        if mustCall { rounds.add(onEvents) }
    }

    /// The next events, at most `limit`, and the end if nothing comes behind them.
    func next(_ limit: Int) -> ([WatchNotice], End?) {
        state.withLock { state in
            state.isCalled = false
            let events = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(events.count)
            return (events, state.waiting.isEmpty ? state.end : nil)
        }
    }
}
