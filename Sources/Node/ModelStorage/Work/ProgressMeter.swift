import KubeController
import Synchronization

/// Turns counts of bytes into progress reports: at most ten in a second, with the rate of the last seconds. Several
/// connections may count at once.
final class ProgressMeter: Sendable {
    private static let interval: Duration = .milliseconds(100)
    private static let window: Duration = .seconds(3)

    private struct State {
        var progress = ModelProgress(phase: .resolving)
        var lastReport: Duration?
        /// Moments and counts within the window, oldest first.
        var samples: [(moment: Duration, count: Int64)] = []
    }

    private let time: any TimeSource
    private let report: @Sendable (ModelProgress) -> Void
    private let state = Mutex(State())

    init(time: any TimeSource, report: @escaping @Sendable (ModelProgress) -> Void) {
        self.time = time
        self.report = report
    }

    /// Begins a phase of which `done` bytes are there already.
    func begin(_ phase: ModelProgress.Phase, done: Int64 = 0, total: Int64? = nil) {
        let now = time.now
        state.withLock { state in
            state.progress = ModelProgress(phase: phase, bytesDone: done, bytesTotal: total)
            state.samples = [(now, done)]
            send(&state, at: now)
        }
    }

    /// So many bytes of the phase are done in all.
    func reach(_ done: Int64) { state.withLock { reach(done, &$0) } }

    /// So many more bytes of the phase are done.
    func advance(_ count: Int64) { state.withLock { reach($0.progress.bytesDone + count, &$0) } }

    private func reach(_ done: Int64, _ state: inout State) {
        state.progress.bytesDone = done
        let now = time.now
        let isDue = state.lastReport.map({ now - $0 >= Self.interval }) ?? true
        guard isDue || done == state.progress.bytesTotal else { return }
        sample(done, &state, at: now)
        send(&state, at: now)
    }

    /// Tells why it does not go on, or (`nil`) that it does.
    func hinder(_ reason: String?) {
        let now = time.now
        state.withLock { state in
            state.progress.hindrance = reason
            state.progress.bytesPerSecond = nil
            state.samples = [(now, state.progress.bytesDone)]
            if reason != nil { send(&state, at: now) }
        }
    }

    private func sample(_ done: Int64, _ state: inout State, at now: Duration) {
        state.samples.append((now, done))
        while state.samples.count > 2, now - state.samples[0].moment > Self.window { state.samples.removeFirst() }
        let span = now - state.samples[0].moment
        guard span > .zero else { return }
        state.progress.bytesPerSecond = Double(done - state.samples[0].count) / (span / .seconds(1))
    }

    private func send(_ state: inout State, at now: Duration) {
        state.lastReport = now
        report(state.progress)
    }
}
