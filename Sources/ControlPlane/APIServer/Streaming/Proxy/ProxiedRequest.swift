import NIOCore
import NIOHTTP1

/// What a request is beside what `APIRequest` says, as it came in.
struct ProxiedRequest: Sendable {
    var method: String
    /// With its escapes, without the `?`.
    var query: String
    /// Without what is for the API alone among the protocols of a WebSocket: its token.
    var headers: HTTPHeaders
    /// `nil` where it has none.
    var body: ProxiedBody?
    /// Bytes of the body, where that is known.
    var contentLength: Int64?

    init(_ head: HTTPRequestHead, _ body: ProxiedBody) {
        method = head.method.rawValue
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        query = parts.count > 1 ? String(parts[1]) : ""
        headers = head.headers
        let protocols = UpgradeOffer.webSocketProtocols(headers)
        headers.remove(name: "Sec-WebSocket-Protocol")
        if !protocols.isEmpty { headers.add(name: "Sec-WebSocket-Protocol", value: protocols.joined(separator: ", ")) }
        contentLength = headers.first(name: "Content-Length").flatMap { Int64($0) }
        let hasBody = contentLength.map { $0 > 0 } ?? headers.contains(name: "Transfer-Encoding")
        self.body = hasBody ? body : nil
    }

    var isUpgrade: Bool { headers.contains(name: "Upgrade") }
}

/// A request's body on its way to a pod, at the pod's pace.
struct ProxiedBody: AsyncSequence, Sendable {
    let body: NIOLoopBound<IncomingBody>

    struct AsyncIterator: AsyncIteratorProtocol {
        let body: NIOLoopBound<IncomingBody>
        let executor: LoopExecutor

        mutating func next() async throws -> ByteBuffer? {
            // Whoever reads it may do so from anywhere.
            try await withTaskExecutorPreference(executor) { [body] in
                try await body.value.next().map { ByteBuffer(bytes: $0) }
            }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body, executor: LoopExecutor(body.eventLoop))
    }
}
