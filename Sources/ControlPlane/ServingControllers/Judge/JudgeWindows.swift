import KubeController
import KubeModel
import Synchronization

/// Where the counters stood when each step began. In memory only: after a restart of Martlet the counters begin anew,
/// and so does the step.
final class JudgeWindows: Sendable {
    private struct Window: Sendable {
        var state: JudgeState
        var canary: RequestOutcomes
        var stable: RequestOutcomes
        var since: Duration
    }

    private let windows = Mutex<[ObjectKey: Window]>([:])
    private let outcomes: any RevisionOutcomes
    private let time: any TimeSource

    init(outcomes: any RevisionOutcomes, time: any TimeSource) {
        self.outcomes = outcomes
        self.time = time
    }

    func read(
        _ service: Object, _ state: JudgeState, stable: String
    ) -> (canary: RequestOutcomes, stable: RequestOutcomes, elapsed: Duration) {
        let namespace = service.namespace ?? ""
        let canary = outcomes.outcomes(namespace: namespace, revision: state.revision)
        let before = outcomes.outcomes(namespace: namespace, revision: stable)
        let now = time.now
        return windows.withLock { windows in
            if windows[service.key]?.state != state {
                windows[service.key] = Window(state: state, canary: canary, stable: before, since: now)
            }
            guard let window = windows[service.key] else { return (canary, before, .zero) }
            return (canary.since(window.canary), before.since(window.stable), now - window.since)
        }
    }

    func forget(_ key: ObjectKey) { windows.withLock { $0[key] = nil } }
}
