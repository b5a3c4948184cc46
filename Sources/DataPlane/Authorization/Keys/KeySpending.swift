/// How far a key's budget is used, for keeping over restarts: when each meter is full again, in seconds since 1970.
package struct KeySpending: Sendable, Hashable {
    package var lastUsed: Double
    package var requests: Double
    package var tokens: Double
    package var dailyTokens: Double

    package init(lastUsed: Double, requests: Double, tokens: Double, dailyTokens: Double) {
        self.lastUsed = lastUsed
        self.requests = requests
        self.tokens = tokens
        self.dailyTokens = dailyTokens
    }
}

extension ModelKey {
    package var spending: KeySpending {
        KeySpending(
            lastUsed: lastUsed, requests: budget.requests?.fullAt ?? 0, tokens: budget.tokens?.fullAt ?? 0,
            dailyTokens: budget.dailyTokens?.fullAt ?? 0)
    }

    /// Before the key is in use.
    package func restore(_ spending: KeySpending) {
        if spending.lastUsed > lastUsed { noteUse(at: spending.lastUsed) }
        budget.requests?.restore(spending.requests)
        budget.tokens?.restore(spending.tokens)
        budget.dailyTokens?.restore(spending.dailyTokens)
    }
}
