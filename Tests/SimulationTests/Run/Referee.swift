import Activation

/// Watches a run from outside: it knows what may never happen, and keeps its own count of everything.
final class Referee {
    private(set) var problems: [String] = []
    private(set) var trace: [String] = []
    private let traces: Bool
    private let events: EventQueue
    private(set) var answered = 0
    private(set) var failed = 0
    /// Hand-overs that came to a loop that could not use them.
    var strayHandOvers = 0

    init(_ events: EventQueue, traces: Bool) {
        self.events = events
        self.traces = traces
    }

    func note(_ text: @autoclosure () -> String) {
        if traces { trace.append("\(events.now.nanoseconds / 1_000) us: \(text())") }
    }

    func forbid(_ isBroken: Bool, _ problem: @autoclosure () -> String) {
        guard isBroken, problems.count < 5 else { return }
        problems.append(problem())
        note("BROKEN: \(problem())")
    }

    func ended(_ call: Call, status: Int) {
        note("call \(call.number) ended with \(status)")
        if status == 200 { answered += 1 } else if status != 499 { failed += 1 }
    }
}
