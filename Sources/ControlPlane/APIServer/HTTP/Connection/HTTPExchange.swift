import KubeAccess
import KubeModel
import NIOCore
import NIOHTTP1

/// One HTTP request and its answer: what lies between a connection and the API. It runs on the connection's event loop.
struct HTTPExchange: Sendable {
    /// As in Kubernetes.
    static let maximumBody = 3 << 20

    let api: API
    let head: HTTPRequestHead
    let channel: any Channel
    let connection: NIOLoopBound<HTTPConnection>
    let rounds: WatchRounds

    func run() async {
        let response = await response()
        let connection = connection.value
        switch response.body {
        case .whole(let bytes): connection.answer(response.head(length: bytes.count), bytes)
        case .upgraded(let upgrade): await become(upgrade)
        case .parts(let send): await answer(response.head(), isEndless: false, send)
        case .streamed(let send): await answer(response.head(), isEndless: true, send)
        case .watch(let watch): await answer(response.head(), watch)
        }
    }

    private func response() async -> APIResponse {
        var call = APIRequest(head)
        call.source = channel.remoteAddress?.ipAddress ?? ""
        do throws(Status) { try await authenticate(&call) } catch { return api.refuse(call, error) }
        do {
            let body = try connection.value.body(isAskedFor: head.headers.contains(name: "Expect"))
            if ResourceTarget(call.path)?.subresource == "proxy" {
                let stream = ProxiedBody(body: NIOLoopBound(body, eventLoop: channel.eventLoop))
                call.proxied = ProxiedRequest(head, stream)
            } else if call.method != "GET" {
                call.body = try await body.whole(upTo: Self.maximumBody)
            }
        } catch is IncomingBody.TooLarge {
            return .failure(.tooLarge)
        } catch {
            return .failure(.internalError("the request broke off: \(error)"))
        }
        return await api.respond(to: call)
    }

    private func authenticate(_ call: inout APIRequest) async throws(Status) {
        guard let access = api.access else { return }
        let now = api.server.environment.now() / 1_000_000
        let credentials = Credentials(
            certificate: connection.value.shownCertificate()?.identity(now: now),
            authorization: head.headers.joined("Authorization"),
            protocols: head.headers.joined("Sec-WebSocket-Protocol"), impersonation: head.headers.impersonation,
            isLocal: channel.remoteAddress?.isLoopback ?? false)
        try await access.authenticate(&call, credentials)
    }

    /// - Parameter isEndless: whether the body has no end but that which the client or the server makes.
    private func answer(
        _ head: HTTPResponseHead, isEndless: Bool, _ send: @Sendable (APIResponse.Write) async throws -> Void
    ) async {
        let connection = connection.value
        connection.begin(head, isEndless: isEndless)
        do {
            if self.head.method != .HEAD { try await send { try await self.connection.value.write($0) } }
            connection.end()
        } catch is CancellationError {
            connection.end()
        } catch {
            connection.abort()
        }
    }

    private func answer(_ head: HTTPResponseHead, _ watch: WatchBody) async {
        await answer(head, isEndless: true) { write in
            var watch = watch
            do {
                try await watch.sendPast(write)
                try await WatchHandler.take(connection, of: channel, rounds, &watch, write)
            } catch {
                watch.onEnd()
                guard let status = error as? Status else { throw error }
                try await write(try watch.lines.bytes(status))
            }
        }
    }

    private func become(_ upgrade: Upgrade) async {
        do {
            try connection.value.give()
            let tapped = try TappedConnection(taking: channel)
            defer { tapped.close() }
            if !upgrade.head.isEmpty { try await tapped.write(upgrade.head) }
            try await upgrade.run(tapped)
        } catch { channel.close(promise: nil) }
    }
}

extension Status {
    fileprivate static let tooLarge = Status(
        code: 413, reason: "RequestEntityTooLarge",
        message: "the body of the request is larger than \(HTTPExchange.maximumBody) bytes")
}

extension SocketAddress {
    /// Whether it is an address of this machine only: 127.0.0.0/8, ::1, or a Unix domain socket.
    fileprivate var isLoopback: Bool {
        guard let address = ipAddress else { return pathname != nil }
        return address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
    }
}
