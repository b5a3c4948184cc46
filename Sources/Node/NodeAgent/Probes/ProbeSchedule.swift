/// When to probe next.
///
/// A server that starts is asked every few milliseconds, whatever its period: a model that is ready serves at once.
/// The longer it takes, the less a few milliseconds matter, and the more the asking costs: at most about a thirtieth of
/// the time that has passed, between 5 and 100 ms.
enum ProbeSchedule {
    static func interval(starting elapsed: Duration) -> Duration {
        min(max(elapsed / 30, .milliseconds(5)), .milliseconds(100))
    }

    /// Kubernetes' default period, once the server is ready.
    static let period = Duration.seconds(10)
}

/// Turns single checks into a verdict: so many in a row change it.
struct ProbeCounter {
    private let successThreshold: Int
    private let failureThreshold: Int
    private(set) var verdict: Bool
    private var inARow = 0

    init(_ probe: Probe, initially verdict: Bool) {
        successThreshold = probe.successThreshold
        failureThreshold = probe.failureThreshold
        self.verdict = verdict
    }

    /// - Returns: whether the verdict changed.
    mutating func count(_ success: Bool) -> Bool {
        guard success != verdict else {
            inARow = 0
            return false
        }
        inARow += 1
        guard inARow >= (success ? successThreshold : failureThreshold) else { return false }
        verdict = success
        inARow = 0
        return true
    }
}
