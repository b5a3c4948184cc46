import KubeClient
import KubeModel
import ObjectStore
import Synchronization

/// How far a watcher may be behind.
enum WatchLimit {
    static let events = 4096

    static let overrun = Status.expired("the watch fell behind by more than \(events) events: list again")
}

/// One watch: it gathers changes while its beginning is read from the store, then passes them on as they are committed,
/// each in the form that its reader wants.
///
/// A watcher that falls too far behind is ended with `Expired` and lists again: nothing grows without bound.
///
/// Transitions: gathering -> live -> ended; gathering -> ended.
final class Watch<Event: Sendable>: Sendable {
    typealias Stream = AsyncThrowingStream<Event, any Error>

    private enum State {
        case gathering([Change])
        /// What was sent last is of `revision`.
        case live(Stream.Continuation, revision: Int)
        case ended
    }

    private let filter: WatchFilter
    private let form: @Sendable (WatchNotice) throws -> Event
    private let state = Mutex(State.gathering([]))

    init(_ filter: WatchFilter, form: @escaping @Sendable (WatchNotice) throws -> Event) {
        self.filter = filter
        self.form = form
    }

    /// Called for every change of the resource, in order.
    func receive(_ change: Change) {
        let overrun = state.withLock { state -> Stream.Continuation? in
            switch state {
            case .gathering(let changes):
                state = changes.count < WatchLimit.events ? .gathering(changes + [change]) : .ended
            case .live(let continuation, let revision) where change.revision > revision:
                state = .live(continuation, revision: change.revision)
                return send(change, to: continuation) ? nil : continuation
            case .live, .ended: break
            }
            return nil
        }
        overrun?.finish(throwing: WatchLimit.overrun)
    }

    /// Begins the stream with `beginning`, which is the state at `revision`, and goes on with the changes behind it.
    func start(_ beginning: [WatchNotice], revision: Int, onEnd: @escaping @Sendable () -> Void) throws -> Stream {
        try state.withLock { state in
            guard case .gathering(let gathered) = state else { throw WatchLimit.overrun }
            let (stream, continuation) = Stream.makeStream(
                bufferingPolicy: .bufferingOldest(beginning.count + gathered.count + WatchLimit.events))
            continuation.onTermination = { _ in onEnd() }
            for notice in beginning { continuation.yield(try form(notice)) }
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
            guard let event = try? form(.bookmark(revision: reached)) else { return }
            state = .live(continuation, revision: reached)
            continuation.yield(event)
        }
    }

    func end() {
        let continuation = state.withLock { state -> Stream.Continuation? in
            defer { state = .ended }
            if case .live(let continuation, _) = state { return continuation }
            return nil
        }
        continuation?.finish()
    }

    /// False if the watcher is too far behind, or cannot be told.
    private func send(_ change: Change, to continuation: Stream.Continuation) -> Bool {
        do {
            guard let notice = try filter.notice(of: change) else { return true }
            if case .dropped = continuation.yield(try form(notice)) { return false }
            return true
        } catch { return false }
    }
}
