/// A rate for all keys of a queue together: `burst` at once, then so many a second.
///
/// Tokens are taken in advance: when none is left, whoever takes one is told how long to wait for it, and the next one
/// waits longer. client-go's `BucketRateLimiter`.
package struct TokenBucket: Sendable, Hashable {
    package let burst: Int
    package let perSecond: Double
    /// Negative where tokens were promised that are not there yet.
    private var tokens: Double
    private var filledAt: Duration = .zero

    package init(burst: Int, perSecond: Double) {
        self.burst = burst
        self.perSecond = perSecond
        tokens = Double(burst)
    }

    /// client-go's default for controllers: 100 at once, then 10 a second.
    package static let reconciling = TokenBucket(burst: 100, perSecond: 10)

    /// Takes a token.
    ///
    /// - Parameter now: since some fixed moment; never goes back.
    /// - Returns: how long to wait until it is there.
    package mutating func take(at now: Duration) -> Duration {
        tokens = min(Double(burst), tokens + (now - filledAt) / .seconds(1) * perSecond)
        filledAt = now
        tokens -= 1
        return tokens >= 0 ? .zero : .seconds(-tokens / perSecond)
    }
}
