import NIOHTTP1

/// A request of a connection that is not answered yet.
struct OpenRequest {
    let body: IncomingBody
    let version: HTTPVersion
    /// A HEAD request: its answer has no body.
    let isHeadOnly: Bool
    /// The connection closes behind its answer.
    var isLast: Bool
    /// All of it is there.
    var isReceived = false
    /// Its answer has no end of its own.
    var isEndless = false
    var task: Task<Void, Never>?

    init(_ head: HTTPRequestHead, _ body: IncomingBody) {
        self.body = body
        version = head.version
        isHeadOnly = head.method == .HEAD
        isLast = !head.isKeepAlive
    }
}
