import KubeModel
import ObjectStore
import Synchronization

/// How far a watcher may be behind.
enum WatchLimit {
    static let events = 4096

    static let overrun = Status.expired("the watch fell behind by more than \(events) events: list again")
}

/// One watch: it gathers changes while its beginning is read from the store, then passes them on as they are committed.
///
/// A watcher that falls too far behind is ended with `Expired` and lists again: nothing grows without bound.
///
/// Transitions: gathering -> live -> ended; gathering -> ended.
final class Watch: Sendable {
    private enum State {
        case gathering([Change])
        /// What was sent last is of `revision`.
        case live(any WatchSink, revision: Int)
        case ended
    }

    private let filter: WatchFilter
    private let state = Mutex(State.gathering([]))

    init(_ filter: WatchFilter) { self.filter = filter }

    /// Called for every change of the resource, in order.
    func receive(_ change: Change) {
        let overrun = state.withLock { state -> (any WatchSink)? in
            switch state {
            case .gathering(let changes):
                state = changes.count < WatchLimit.events ? .gathering(changes + [change]) : .ended
            case .live(let sink, let revision) where change.revision > revision:
                guard send(change, to: sink) else {
                    state = .ended
                    return sink
                }
                state = .live(sink, revision: change.revision)
            case .live, .ended: break
            }
            return nil
        }
        overrun?.end(WatchLimit.overrun)
    }

    /// Begins with `beginning`, which leads to the state at `revision`, and goes on with the changes behind it.
    ///
    /// - Parameter make: a sink and what reads from it, given how many events that must take at once.
    /// - Throws: where too many changes have come meanwhile.
    func start<Reader>(
        _ beginning: [WatchNotice], revision: Int, into make: (_ atOnce: Int) -> (any WatchSink, Reader)
    ) throws(Status) -> Reader {
        let reader = state.withLock { state -> Reader? in
            guard case .gathering(let gathered) = state else { return nil }
            state = .ended
            let later = gathered.filter { $0.revision > revision }
            let (sink, reader) = make(beginning.count + later.count)
            for notice in beginning where !sink.take(notice) { return nil }
            for change in later where !send(change, to: sink) { return nil }
            state = .live(sink, revision: later.last?.revision ?? revision)
            return reader
        }
        guard let reader else { throw WatchLimit.overrun }
        return reader
    }

    /// Tells the watcher that it has seen everything up to `published`, or up to what it was sent if that is later.
    func bookmark(_ published: Int) {
        state.withLock { state in
            guard case .live(let sink, let revision) = state else { return }
            let reached = max(published, revision)
            if sink.take(.bookmark(revision: reached)) { state = .live(sink, revision: reached) }
        }
    }

    func end() {
        let sink = state.withLock { state -> (any WatchSink)? in
            defer { state = .ended }
            if case .live(let sink, _) = state { return sink }
            return nil
        }
        sink?.end(nil)
    }

    /// False if the watcher is too far behind, or cannot be told.
    private func send(_ change: Change, to sink: any WatchSink) -> Bool {
        do {
            guard let notice = try filter.notice(of: change) else { return true }
            return sink.take(notice)
        } catch { return false }
    }
}
