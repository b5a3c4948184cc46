import KubeController

/// Turns counts of bytes into progress reports: at most ten in a second, with the rate of the last seconds.
final class ProgressMeter {
    private static let interval: Duration = .milliseconds(100)
    private static let window: Duration = .seconds(3)

    private let time: any TimeSource
    private let report: (ModelProgress) -> Void
    private var progress = ModelProgress(phase: .resolving)
    private var lastReport: Duration?
    /// Moments and counts within the window, oldest first.
    private var samples: [(moment: Duration, count: Int64)] = []

    init(time: any TimeSource, report: @escaping (ModelProgress) -> Void) {
        self.time = time
        self.report = report
    }

    /// Begins a phase of which `done` bytes are there already.
    func begin(_ phase: ModelProgress.Phase, done: Int64 = 0, total: Int64? = nil) {
        progress = ModelProgress(phase: phase, bytesDone: done, bytesTotal: total)
        samples = [(time.now, done)]
        send(at: time.now)
    }

    /// So many bytes of the phase are done in all.
    func reach(_ done: Int64) {
        progress.bytesDone = done
        let now = time.now
        guard lastReport.map({ now - $0 >= Self.interval }) ?? true || done == progress.bytesTotal else { return }
        sample(done, at: now)
        send(at: now)
    }

    /// Tells why it does not go on, or (`nil`) that it does.
    func hinder(_ reason: String?) {
        progress.hindrance = reason
        progress.bytesPerSecond = nil
        samples = [(time.now, progress.bytesDone)]
        if reason != nil { send(at: time.now) }
    }

    private func sample(_ done: Int64, at now: Duration) {
        samples.append((now, done))
        while samples.count > 2, now - samples[0].moment > Self.window { samples.removeFirst() }
        let span = now - samples[0].moment
        guard span > .zero else { return }
        progress.bytesPerSecond = Double(done - samples[0].count) / (span / .seconds(1))
    }

    private func send(at now: Duration) {
        lastReport = now
        report(progress)
    }
}
