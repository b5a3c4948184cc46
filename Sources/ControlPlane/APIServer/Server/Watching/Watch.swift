import KubeClient
import KubeModel
import ObjectStore
import Synchronization

/// One watch: it gathers changes while its beginning is read from the store, then passes them on as they are committed.
///
/// A watcher that falls too far behind is ended with `Expired` and lists again: nothing grows without bound.
///
/// Transitions: gathering -> live -> ended; gathering -> ended.
final class Watch: Sendable {
    private enum State {
        case gathering([Change])
        /// What was sent last is of `revision`.
        case live(WatchStream.Continuation, revision: Int)
        case ended
    }

    /// Events that a watcher may be behind.
    static let limit = 4096

    private let filter: WatchFilter
    private let state = Mutex(State.gathering([]))

    init(_ filter: WatchFilter) { self.filter = filter }

    /// Called for every change of the resource, in order.
    func receive(_ change: Change) {
        let overrun = state.withLock { state -> WatchStream.Continuation? in
            switch state {
            case .gathering(let changes):
                state = changes.count < Self.limit ? .gathering(changes + [change]) : .ended
            case .live(let continuation, let revision) where change.revision > revision:
                state = .live(continuation, revision: change.revision)
                return send(change, to: continuation) ? nil : continuation
            case .live, .ended: break
            }
            return nil
        }
        overrun?.finish(throwing: Self.overrun)
    }

    /// Begins the stream with `beginning`, which is the state at `revision`, and goes on with the changes behind it.
    func start(_ beginning: [WatchEvent], revision: Int, onEnd: @escaping @Sendable () -> Void) throws -> WatchStream {
        try state.withLock { state in
            guard case .gathering(let gathered) = state else { throw Self.overrun }
            let (stream, continuation) = WatchStream.makeStream(
                bufferingPolicy: .bufferingOldest(beginning.count + gathered.count + Self.limit))
            continuation.onTermination = { _ in onEnd() }
            beginning.forEach { continuation.yield($0) }
            let later = gathered.filter { $0.revision > revision }
            later.forEach { _ = send($0, to: continuation) }
            state = .live(continuation, revision: later.last?.revision ?? revision)
            return stream
        }
    }

    /// Tells the watcher that it has seen everything up to `published`, or up to what it was sent if that is later.
    func bookmark(_ published: Int) {
        state.withLock { state in
            guard case .live(let continuation, let revision) = state else { return }
            let reached = max(published, revision)
            state = .live(continuation, revision: reached)
            continuation.yield(.bookmark(resourceVersion: String(reached)))
        }
    }

    func end() {
        let continuation = state.withLock { state -> WatchStream.Continuation? in
            defer { state = .ended }
            if case .live(let continuation, _) = state { return continuation }
            return nil
        }
        continuation?.finish()
    }

    /// False if the watcher is too far behind.
    private func send(_ change: Change, to continuation: WatchStream.Continuation) -> Bool {
        guard let event = filter.event(for: change) else { return true }
        if case .dropped = continuation.yield(event) { return false }
        return true
    }

    private static let overrun = Status.expired("the watch fell behind by more than \(limit) events: list again")
}
