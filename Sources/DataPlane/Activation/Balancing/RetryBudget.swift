/// How often requests may be sent again: a fifth of those that came lately, and a few whatever came. When a revision
/// breaks, its requests are not multiplied.
///
///     balance <- min(100, balance + 0.2)      for each request
///     balance <- balance - 1                  for each retry, if it is at least 1
///     at least 10 every 10 s
package struct RetryBudget: Sendable, Hashable {
    /// In fifths of a retry.
    private var balance = reserve
    private var refilledAt = MonotonicTime(nanoseconds: .min)

    private static let reserve = 50
    private static let most = 500
    private static let retry = 5

    package init() {}

    /// A request came.
    package mutating func deposit() { balance = min(Self.most, balance + 1) }

    /// - Returns: Whether one may be sent again.
    package mutating func withdraw(at now: MonotonicTime) -> Bool {
        if now > refilledAt.advanced(by: .seconds(10)) {
            refilledAt = now
            balance = max(balance, Self.reserve)
        }
        guard balance >= Self.retry else { return false }
        balance -= Self.retry
        return true
    }
}
