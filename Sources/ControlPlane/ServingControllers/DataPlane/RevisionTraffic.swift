/// What the gateway counted of one revision since the process began. Readings only grow, so that anybody may read them
/// without disturbing others.
package struct TrafficReading: Sendable, Hashable {
    /// The integral of the requests being answered or held, over time: one request for two seconds is 2.
    package var requestSeconds: Double
    /// Requests that arrived.
    package var requests: Int
    /// Requests being answered or held at this moment.
    package var inFlight: Int
    /// Tokens of their prompts, and of what was generated for them so far: an estimate.
    package var tokensInFlight: Int

    package init(requestSeconds: Double, requests: Int, inFlight: Int, tokensInFlight: Int = 0) {
        self.requestSeconds = requestSeconds
        self.requests = requests
        self.inFlight = inFlight
        self.tokensInFlight = tokensInFlight
    }

    /// Of a revision that nobody called yet.
    package static let none = TrafficReading(requestSeconds: 0, requests: 0, inFlight: 0)
}

/// The gateway's counters, as the autoscaler reads them: exact, not sampled.
package protocol RevisionTraffic: Sendable {
    func reading(namespace: String, revision: String) -> TrafficReading
}
