import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A web server on loopback that does what it is told, and above all what it should not.
final class FakeServer: Sendable {
    struct File: Sendable {
        var bytes: [UInt8]
        var type = "application/octet-stream"
        var entityTag: String?
        var takesRanges = true
        var redirect: String?
        var headers: [(String, String)] = []
        var authorization: String?
    }

    enum Fault: Sendable {
        case status(Int, retryAfter: Int? = nil)
        /// Closes the connection after so many bytes of the body.
        case cut(after: Int)
        /// Sends so many bytes of the body, and then nothing for ever.
        case stall(after: Int)
    }

    struct Served: Sendable, Hashable {
        var path: String
        /// The first byte that was asked for.
        var from: Int
        var status: Int
        /// Bytes of the body.
        var sent: Int
        var headers: [String: String]
    }

    private struct State {
        var files: [String: File] = [:]
        var faults: [String: [Fault]] = [:]
        var served: [Served] = []
        var stalled: [CheckedContinuation<Void, Never>] = []
        var stalls = 0
    }

    private let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    /// Starts a server, lets `body` use it, and stops it.
    static func with<Value>(_ body: (FakeServer) async throws -> Value) async throws -> Value {
        let server = FakeServer()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.configureHTTPServerPipeline()
                    try child.pipeline.syncOperations.addHandler(FakeHandler(server))
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        server.channel.withLock { $0 = channel }
        do {
            let value = try await body(server)
            try await channel.close()
            return value
        } catch {
            try await channel.close()
            throw error
        }
    }

    func url(_ path: String) -> String {
        "http://127.0.0.1:\(channel.withLock { $0?.localAddress?.port } ?? 0)\(path)"
    }

    var served: [Served] { state.withLock { $0.served } }

    func put(_ path: String, _ file: File) { state.withLock { $0.files[path] = file } }
    func put(_ path: String, _ bytes: [UInt8]) { put(path, File(bytes: bytes, entityTag: "\"1\"")) }

    /// The next requests for `path` meet these faults, in this order.
    func fail(_ path: String, _ faults: Fault...) { state.withLock { $0.faults[path, default: []] += faults } }

    /// Returns when a request has stalled since the last call.
    func stalled() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.stalls > 0 { return true }
                state.stalled.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
        state.withLock { $0.stalls -= 1 }
    }

    fileprivate func hasStalled() {
        let waiting = state.withLock { state in
            defer { state.stalled = [] }
            state.stalls += 1
            return state.stalled
        }
        for continuation in waiting { continuation.resume() }
    }

    struct Answer: Sendable {
        var status: Int
        var headers: [(String, String)] = []
        var body: ArraySlice<UInt8> = []
        var ending = Ending.whole

        enum Ending { case whole, cut, stall }
    }

    fileprivate func answer(_ request: HTTPRequestHead) -> Answer {
        state.withLock { state in
            var answer = Self.plan(request, state.files[request.uri])
            if state.faults[request.uri]?.isEmpty == false, let fault = state.faults[request.uri]?.removeFirst() {
                switch fault {
                case .status(let status, let after):
                    answer = Answer(status: status, headers: after.map { [("Retry-After", "\($0)")] } ?? [])
                case .cut(let count): (answer.body, answer.ending) = (answer.body.prefix(count), .cut)
                case .stall(let count): (answer.body, answer.ending) = (answer.body.prefix(count), .stall)
                }
            }
            let headers = Dictionary(
                request.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
            state.served.append(
                Served(
                    path: request.uri, from: answer.status == 206 ? answer.body.startIndex : 0,
                    status: answer.status, sent: answer.body.count, headers: headers))
            return answer
        }
    }

    private static func plan(_ request: HTTPRequestHead, _ file: File?) -> Answer {
        guard let file else { return Answer(status: 404) }
        if let redirect = file.redirect { return Answer(status: 302, headers: [("Location", redirect)]) }
        if let needed = file.authorization, request.headers.first(name: "Authorization") != needed {
            return Answer(status: 401)
        }
        var headers = [("Content-Type", file.type)] + file.headers
        if let tag = file.entityTag { headers.append(("ETag", tag)) }
        let condition = request.headers.first(name: "If-Range")
        let range = request.headers.first(name: "Range")?.dropFirst(6).split(separator: "-").compactMap { Int($0) }
        let total = file.bytes.count
        if file.takesRanges, let first = range?.first, condition == nil || condition == file.entityTag {
            guard first < total else { return Answer(status: 416, headers: [("Content-Range", "bytes */\(total)")]) }
            let last = min(range?.dropFirst().first ?? total - 1, total - 1)
            headers.append(("Content-Range", "bytes \(first)-\(last)/\(total)"))
            headers.append(("Content-Length", "\(last - first + 1)"))
            return Answer(status: 206, headers: headers, body: file.bytes[first...last])
        }
        headers.append(("Content-Length", "\(total)"))
        return Answer(status: 200, headers: headers, body: file.bytes[...])
    }
}

private final class FakeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: FakeServer

    init(_ server: FakeServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let request) = unwrapInboundIn(data) else { return }
        let answer = server.answer(request)
        let isSized = answer.headers.contains { $0.0 == "Content-Length" }
        let headers = answer.headers + (isSized ? [] : [("Content-Length", "0")])
        let head = HTTPResponseHead(
            version: .http1_1, status: .init(statusCode: answer.status), headers: HTTPHeaders(headers))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(
            wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: sent)
        switch answer.ending {
        case .whole: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .cut: sent.futureResult.whenComplete { [channel = context.channel] _ in channel.close(promise: nil) }
        case .stall: sent.futureResult.whenComplete { [server] _ in server.hasStalled() }
        }
    }
}
