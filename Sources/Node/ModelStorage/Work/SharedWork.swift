import Synchronization

/// Work that is done once however many ask for it at the same time: all who ask for one key wait for the same run and
/// see its progress. Who leaves (is cancelled) does not stop it.
package final class SharedWork<Key: Hashable & Sendable, Progress: Sendable, Value: Sendable>: Sendable {
    package typealias Report = @Sendable (Progress) -> Void

    private struct Waiter {
        var continuation: CheckedContinuation<Value, any Error>
        var report: Report
    }

    private struct Run {
        var task: Task<Void, Never>?
        var latest: Progress?
        var waiters: [Int: Waiter] = [:]
    }

    private struct State {
        var runs: [Key: Run] = [:]
        var nextID = 0
        var isStopped = false
    }

    private let state = Mutex(State())

    package init() {}

    /// The value of the run for `key`, which `work` begins if there is none.
    ///
    /// - Parameter report: called with the run's progress, from any thread, never after this has returned.
    /// - Throws: what `work` throws, or `CancellationError` if this task is cancelled or the work was stopped.
    package func value(
        for key: Key, report: @escaping Report, work: @escaping @Sendable (@escaping Report) async throws -> Value
    ) async throws -> Value {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                join(key, id, Waiter(continuation: continuation, report: report), work)
            }
        } onCancel: {
            leave(key, id)
        }
    }

    /// Cancels all runs and refuses new ones.
    package func stop() {
        let tasks = state.withLock { state in
            state.isStopped = true
            return state.runs.values.compactMap(\.task)
        }
        for task in tasks { task.cancel() }
    }

    private func join(
        _ key: Key, _ id: Int, _ waiter: Waiter, _ work: @escaping @Sendable (@escaping Report) async throws -> Value
    ) {
        let isRefused = state.withLock { state in
            // A task that was cancelled before this lock was taken has called `leave` in vain.
            guard !Task.isCancelled, !state.isStopped else { return true }
            if state.runs[key] == nil { state.runs[key] = Run(task: start(key, work)) }
            state.runs[key]?.waiters[id] = waiter
            if let latest = state.runs[key]?.latest { waiter.report(latest) }
            return false
        }
        if isRefused { waiter.continuation.resume(throwing: CancellationError()) }
    }

    /// A task outside any group, since it must outlive whichever waiter happened to come first.
    private func start(
        _ key: Key, _ work: @escaping @Sendable (@escaping Report) async throws -> Value
    ) -> Task<Void, Never> {
        Task(executorPreference: BlockingExecutor.shared) {
            do {
                let value = try await work { self.publish(key, $0) }
                self.finish(key, .success(value))
            } catch {
                self.finish(key, .failure(error))
            }
        }
    }

    /// Reports under the lock, so that nobody hears of progress after the end.
    private func publish(_ key: Key, _ progress: Progress) {
        state.withLock { state in
            state.runs[key]?.latest = progress
            for waiter in state.runs[key]?.waiters.values ?? [:].values { waiter.report(progress) }
        }
    }

    private func finish(_ key: Key, _ result: Result<Value, any Error>) {
        let run = state.withLock { $0.runs.removeValue(forKey: key) }
        for waiter in run?.waiters.values ?? [:].values { waiter.continuation.resume(with: result) }
    }

    private func leave(_ key: Key, _ id: Int) {
        let waiter = state.withLock { $0.runs[key]?.waiters.removeValue(forKey: id) }
        waiter?.continuation.resume(throwing: CancellationError())
    }
}
