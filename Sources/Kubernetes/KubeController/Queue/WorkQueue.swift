import Synchronization

/// A queue of keys for workers: each key once, each in at most one worker's hands, some later than others.
///
/// An added key reaches a waiting worker at once: nothing here polls. `run()` must be running for delays to pass.
package final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    private struct State {
        var keys = KeyQueue<Key>()
        var bucket: TokenBucket
        var workers: [(id: Int, continuation: CheckedContinuation<Key?, Never>)] = []
        var cancelled: Set<Int> = []
        var nextID = 0
        var isShutDown = false
    }

    private let state: Mutex<State>
    private let delays: AsyncStream<(key: Key, moment: Duration)>
    private let delaying: AsyncStream<(key: Key, moment: Duration)>.Continuation
    private let time: any TimeSource
    private let backOff: BackOff
    private let random: Randomness

    /// - Parameters:
    ///   - backOff: of one key that fails again and again.
    ///   - bucket: how many keys may be tried again in all.
    package init(
        time: any TimeSource = SystemTime(), backOff: BackOff = .reconciling, bucket: TokenBucket = .reconciling,
        random: @escaping Randomness = systemRandomness
    ) {
        state = Mutex(State(bucket: bucket))
        self.time = time
        self.backOff = backOff
        self.random = random
        (delays, delaying) = AsyncStream.makeStream()
    }

    /// Keys that wait for a worker now.
    package var count: Int { state.withLock { $0.keys.count } }

    /// Whether nothing waits, runs or is delayed.
    package var isIdle: Bool { state.withLock { $0.keys.isIdle } }

    /// Whether nothing waits or runs, whatever is delayed.
    package var isAtRest: Bool { state.withLock { $0.keys.count == 0 && $0.keys.runningCount == 0 } }

    package func add(_ key: Key) { change { $0.add(key) } }

    package func add(_ key: Key, after delay: Duration) {
        guard delay > .zero else { return add(key) }
        let moment = time.now + delay
        if state.withLock({ $0.keys.delay(key, until: moment) }) { delaying.yield((key, moment)) }
    }

    /// Adds `key` after the back-off of its failures in a row, this one included, or when its turn among all that
    /// are tried again has come, whichever is later.
    ///
    /// - Returns: how long that is.
    package func retry(_ key: Key) -> Duration {
        let now = time.now
        let (failures, turn) = state.withLock { ($0.keys.fail(key), $0.bucket.take(at: now)) }
        let delay = max(backOff.delay(afterFailures: failures, random: random()), turn)
        add(key, after: delay)
        return delay
    }

    /// Work on `key` succeeded: its next failure is the first.
    package func forget(_ key: Key) { state.withLock { $0.keys.succeed(key) } }

    /// The next key; the caller must hand it back to `finish`. `nil` after `shutDown` or when the task is cancelled.
    package func next() async -> Key? {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait(id, $0) }
        } onCancel: {
            cancel(id)
        }
    }

    package func finish(_ key: Key) { change { $0.finish(key) } }

    /// No worker gets another key.
    package func shutDown() {
        delaying.finish()
        let workers = state.withLock { state in
            state.isShutDown = true
            defer { state.workers = [] }
            return state.workers
        }
        for worker in workers { worker.continuation.resume(returning: nil) }
    }

    /// Lets delays pass, until `shutDown` or cancellation.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await (key, moment) in delays {
                group.addTask { await self.pass(key, moment) }
            }
            group.cancelAll()
        }
    }

    private func pass(_ key: Key, _ moment: Duration) async {
        do { try await time.sleep(until: moment) } catch { return }
        change { $0.elapse(key, moment) }
    }

    /// Makes a change and, where it made the line longer, hands its first key to a worker that waits.
    private func change(_ body: (inout KeyQueue<Key>) -> Bool) {
        let handed = state.withLock { state -> (CheckedContinuation<Key?, Never>, Key)? in
            guard body(&state.keys), !state.workers.isEmpty, let key = state.keys.take() else { return nil }
            return (state.workers.removeFirst().continuation, key)
        }
        if let (worker, key) = handed { worker.resume(returning: key) }
    }

    private func wait(_ id: Int, _ continuation: CheckedContinuation<Key?, Never>) {
        let answer: Key?? = state.withLock { state in
            if state.cancelled.remove(id) != nil || state.isShutDown { return .some(nil) }
            if let key = state.keys.take() { return key }
            state.workers.append((id, continuation))
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func cancel(_ id: Int) {
        let worker = state.withLock { state -> CheckedContinuation<Key?, Never>? in
            guard let index = state.workers.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.workers.remove(at: index).continuation
        }
        worker?.resume(returning: nil)
    }
}
