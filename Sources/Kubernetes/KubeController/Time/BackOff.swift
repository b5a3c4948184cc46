/// Waiting times that double with each failure.
package struct BackOff: Sendable, Hashable {
    package var first: Duration
    package var longest: Duration
    /// A random share of the waiting time that is added to it: 0.1 for up to 10 % more.
    package var jitter: Double

    package init(first: Duration, longest: Duration, jitter: Double = 0.1) {
        self.first = first
        self.longest = longest
        self.jitter = jitter
    }

    /// For a key that fails to reconcile (client-go's rate limiter: 5 ms to 1000 s).
    package static let reconciling = BackOff(first: .milliseconds(5), longest: .seconds(1000))
    /// For a list or watch that fails (kube-rs: 800 ms to 30 s).
    package static let watching = BackOff(first: .milliseconds(800), longest: .seconds(30), jitter: 0.5)

    /// - Parameters:
    ///   - failures: how many there were in a row; 1 for the first.
    ///   - random: from 0 to below 1.
    package func delay(afterFailures failures: Int, random: Double) -> Duration {
        let doublings = min(max(failures, 1) - 1, 40)
        let wait = min(first * (1 << doublings), longest)
        return wait * (1 + jitter * random)
    }
}

/// A random number from 0 to below 1; passed in so that tests decide.
package typealias Randomness = @Sendable () -> Double

/// The machine's randomness.
package let systemRandomness: Randomness = { Double.random(in: 0..<1) }
