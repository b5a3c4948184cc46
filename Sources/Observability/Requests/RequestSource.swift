/// A request that has not ended.
package struct InFlightRequest: Sendable, Hashable {
    package enum State: String, Sendable {
        /// Its head or body still comes, or it is being found out whether its caller may call.
        case arriving
        /// It waits for a place at a replica.
        case queued
        /// It waits, and there is no replica yet.
        case waking
        /// It is at the server, which has not answered.
        case running
        case streaming
    }

    package var id: String
    package var namespace: String
    /// Of the InferenceService or Knative Service; empty while that is not known.
    package var service: String
    package var revision: String
    /// The user or the key, or the client's address where nobody had to say who they are.
    package var caller: String
    package var method: String
    package var path: String
    /// Milliseconds since 1970.
    package var since: Int64
    package var state: State
    package var pod: String
    /// Of the answer's body so far.
    package var bytes: Int
    /// Generated so far: of a stream its events.
    package var tokens: Int

    package init(id: String, since: Int64, state: State) {
        self.id = id
        self.since = since
        self.state = state
        (namespace, service, revision, caller, method, path, pod) = ("", "", "", "", "", "", "")
        (bytes, tokens) = (0, 0)
    }
}

/// A request that has ended.
package struct RequestRecord: Sendable, Hashable {
    package var id: String
    package var namespace = ""
    /// Empty for a request that reached no service.
    package var service = ""
    package var revision = ""
    package var pod = ""
    /// The user or the key, or the client's address.
    package var caller = ""
    package var method = ""
    package var path = ""
    /// 499: the client went away first.
    package var status = 0
    /// Milliseconds since 1970 of its head.
    package var began: Int64 = 0
    /// Milliseconds from the head to the last byte of the answer.
    package var duration = 0.0
    /// Milliseconds that it waited for a replica; `nil`: it did not.
    package var waited: Double?
    /// Milliseconds from its being sent to its first token.
    package var firstToken: Double?
    package var promptTokens: Int?
    package var completionTokens: Int?
    /// W3C's trace id, 32 hexadecimal digits; empty for none.
    package var trace = ""
    /// What was asked and answered, where that is recorded.
    package var bodies: RecordedBodies?

    package init(id: String) { self.id = id }
}

/// The bodies of a request and its answer as text: no longer than `longest` bytes each, secrets struck out.
package struct RecordedBodies: Sendable, Hashable {
    package static let longest = 64 << 10

    package var request: String
    package var response: String
    /// Whether some of them is missing, because they were too long or no text.
    package var isCut: Bool

    package init(request: String, response: String, isCut: Bool) {
        self.request = request
        self.response = response
        self.isCut = isCut
    }
}

/// Which records are wanted; what is `nil` does not matter.
package struct RecordFilter: Sendable, Hashable {
    package var namespace: String?
    package var service: String?
    package var revision: String?
    package var caller: String?
    /// 404, or a class: 4 for 400 to 499.
    package var status: Int?
    /// Milliseconds since 1970: those that began then or later.
    package var since: Int64?
    /// Those that began before; for the next page.
    package var before: Int64?
    /// Somewhere in path, caller or bodies, whatever the case.
    package var text: String?
    package var id: String?
    package var limit = 100

    package init() {}
}

/// What is asked of the gateway about single requests.
package protocol RequestSource: Sendable {
    /// The oldest first.
    func inFlight() async -> [InFlightRequest]
    /// Ends a request: its caller gets an error, or a stream that is visibly cut.
    ///
    /// - Returns: Whether it was still under way.
    func cancel(_ id: String) async -> Bool
    /// The newest first.
    func records(_ filter: RecordFilter) async -> [RequestRecord]
}
