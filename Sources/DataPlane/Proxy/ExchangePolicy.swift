/// How far a request and its response have come, and what follows when something ends. Pure, so that every case is a
/// line in a table.
struct ExchangeProgress: Sendable, Hashable {
    /// All of the request was received.
    var isRequestComplete = false
    /// All that was received of the request is still here to be sent again.
    var isReplayable = true
    /// Bytes of the request went to the server it is at now.
    var isSent = false
    /// The connection to the server had served an earlier request.
    var isReused = false
    /// Bytes of the response went to the client.
    var isResponseStarted = false
    /// Times that the request was sent again after all or part of it had been sent.
    var replays = 0

    /// What to do when the connection to the server is lost before the response has ended.
    enum Recovery: Sendable, Hashable {
        /// Send it again at once, to the same endpoint, on a new connection.
        case reconnect
        /// Back into the queue: the endpoint is likely gone.
        case requeue
        /// The client gets 502.
        case fail
        /// The client has part of the response: it must see that the rest is missing.
        case cut
    }

    /// A connection that served before may be closed by the server just when a request is on its way (the keep-alive
    /// race); that says nothing about the request, so it is sent again. A request that was lost on a new connection may
    /// be what broke the server: it gets one more try.
    ///
    /// - Parameter hasAnswered: Whether any byte of a response came back.
    func recovery(hasAnswered: Bool) -> Recovery {
        if isResponseStarted { return .cut }
        if hasAnswered { return .fail }
        if !isSent { return .requeue }
        guard isReplayable else { return .fail }
        if isReused { return .reconnect }
        return replays < 1 ? .requeue : .fail
    }

    /// What becomes of the client's connection after the response.
    enum Afterwards: Sendable, Hashable {
        case nextRequest
        /// No more is sent; what still comes in is thrown away until the client has seen the response and closes.
        case linger
    }

    func afterwards(closes: Bool) -> Afterwards { closes || !isRequestComplete ? .linger : .nextRequest }
}
