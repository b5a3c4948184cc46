import Synchronization

/// Time that stands still until it is told to move: for tests of whatever takes a `TimeSource`.
package final class ManualTime: TimeSource {
    private struct Sleeper {
        var moment: Duration
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Duration = .zero
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())
    private let origin: Int64

    /// - Parameter origin: the calendar's time at moment zero, in microseconds since 1970.
    package init(origin: Int64 = 1_767_225_600_000_000) { self.origin = origin }

    package var now: Duration { state.withLock { $0.now } }

    package var microsecondsSince1970: Int64 {
        let (seconds, attoseconds) = now.components
        return origin + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// How many tasks wait for a moment to come.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// The next moment that somebody waits for.
    package var nextMoment: Duration? { state.withLock { $0.sleepers.values.map(\.moment).min() } }

    /// Moves on, waking whoever waited for a moment up to then, earliest first.
    package func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.moment <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { ($0.value.moment, $0.key) < ($1.value.moment, $1.key) }.map(\.value.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    package func sleep(until moment: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { begin(id, Sleeper(moment: moment, continuation: $0)) }
        } onCancel: {
            cancel(id)
        }
    }

    private func begin(_ id: Int, _ sleeper: Sleeper) {
        let result: Result<Void, any Error>? = state.withLock { state in
            if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
            if sleeper.moment <= state.now { return .success(()) }
            state.sleepers[id] = sleeper
            return nil
        }
        if let result { sleeper.continuation.resume(with: result) }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state in
            let sleeper = state.sleepers.removeValue(forKey: id)
            if sleeper == nil { state.cancelled.insert(id) }
            return sleeper
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
