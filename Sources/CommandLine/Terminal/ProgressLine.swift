import Synchronization

/// Steps with their times: on a terminal the running step is rewritten in place, elsewhere each change of step is a line.
final class ProgressLine: Sendable {
    private struct State {
        var step = ""
        var text = ""
        var lastPrinted: ContinuousClock.Instant?
    }

    private let terminal: Terminal
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let state = Mutex(State())

    init(terminal: Terminal) {
        self.terminal = terminal
        start = clock.now
    }

    /// - Parameters:
    ///   - step: what is being done; a new one begins a new line.
    ///   - detail: how far it is; changes often.
    func show(_ step: String, _ detail: String = "") {
        state.withLock { state in
            let isNew = step != state.step
            if isNew, !state.step.isEmpty, terminal.isInteractive { Terminal.write("\n") }
            let text = detail.isEmpty ? step : "\(step): \(detail)"
            guard isNew || text != state.text else { return }
            let isDue = state.lastPrinted.map { clock.now - $0 >= .seconds(5) } ?? true
            if terminal.isInteractive {
                Terminal.write("\r\u{1B}[K\(stamp) \(text)")
            } else if isNew || isDue {
                Terminal.write("\(stamp) \(text)\n")
                state.lastPrinted = clock.now
            }
            state.step = step
            state.text = text
        }
    }

    /// Ends the running line.
    func finish() {
        state.withLock { state in
            if terminal.isInteractive, !state.step.isEmpty { Terminal.write("\n") }
            state.step = ""
        }
    }

    private var stamp: String {
        let elapsed = Elapsed.text(clock.now - start)
        return terminal.styled(String(repeating: " ", count: max(0, 9 - elapsed.count)) + elapsed, .dim)
    }
}
