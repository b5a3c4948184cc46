/// The methods that a proxy treats in a way of their own.
package enum RequestMethod: Sendable, Hashable {
    case get, head, post, options, other
}

/// What a request's head says, as offsets into the received bytes.
package struct RequestHead: Sendable, Hashable {
    /// With the blank line at its end.
    package var length = 0
    package var method = RequestMethod.other
    package var methodRange = 0..<0
    /// Without the query. Empty for an absolute target without a path, and for `*`.
    package var path = 0..<0
    /// With its `?`; empty where there is none.
    package var query = 0..<0
    package var isAsterisk = false
    /// HTTP/1.0: the connection ends after the response, and the response may not be chunked.
    package var isVersion10 = false
    /// The Host field's value with the port, or the absolute target's authority; empty only in HTTP/1.0.
    package var authority = 0..<0
    /// `authority` without port and trailing dot.
    package var host = 0..<0
    /// Whether the request has a Host field; without one (HTTP/1.0 only) the proxy writes it.
    package var hasHostField = false
    /// Never `untilClose`.
    package var framing = BodyFraming.none
    /// Whether the client wants to send further requests on this connection.
    package var keepsAlive = false
    package var expectsContinue = false
    package var acceptsTrailers = false
    /// A WebSocket handshake. Other protocols (h2c) are not offered to the server.
    package var upgradesToWebSocket = false
    /// The body is gRPC's, and so must the answer be, errors too.
    package var isGRPC = false
    /// `Accept` names `text/event-stream`.
    package var acceptsEvents = false
    package var preferences = RequestPreferences()
    /// The value of Knative-Serving-Tag: the tag to route to.
    package var routeTag: Range<Int>?
    /// The request asks the gateway whether it would get through, and no server.
    package var networkProbe: NetworkProbe?
    /// The value of W3C's traceparent.
    package var traceparent: Range<Int>?
    /// A hash of what the caller identifies itself with; `nil`: with nothing.
    package var credential: UInt64?

    package init() {}
}
