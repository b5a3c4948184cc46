import HTTPTypes
import HummingbirdCore
import KubeAccess
import KubeModel
import NIOCore
import ServiceLifecycle

/// One HTTP request and its response: what lies between Hummingbird and the API.
struct HTTPExchange: Sendable {
    /// As in Kubernetes.
    static let maximumBody = 3 << 20

    let api: API
    let certificates: ShownCertificates
    let request: Request
    let channel: any Channel

    func run(_ writer: consuming ResponseWriter) async throws {
        let response = try await respond()
        if case .upgraded(let upgrade) = response.body { return try await become(upgrade) }
        var head = HTTPResponse(status: .init(code: response.code))
        if !response.contentType.isEmpty {
            head.headerFields[.contentType] = response.contentType
            head.headerFields[.cacheControl] = "no-cache, private"
        }
        for header in response.headers {
            guard let name = HTTPField.Name(header.name) else { continue }
            if !response.contentType.isEmpty { head.headerFields[name] = nil }
            head.headerFields.append(HTTPField(name: name, value: header.value))
        }
        if response.code == 401 { head.headerFields[.wwwAuthenticate] = "Bearer" }
        for warning in response.warnings {
            head.headerFields.append(HTTPField(name: .warning, value: Self.warning(warning)))
        }
        switch response.body {
        case .whole(let bytes):
            head.headerFields[.contentLength] = String(bytes.count)
            guard request.method != .head else { return try await writer.writeResponse(head) }
            try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .parts(let send):
            try await writer.write(
                response: head,
                body: ResponseBody { writer in
                    try await send { try await writer.write(ByteBuffer(bytes: $0)) }
                    try await writer.finish(nil)
                })
        case .streamed(let send):
            // Whether the client is still there is only seen by reading on, which uses the connection up.
            head.headerFields[.connection] = "close"
            let usesRequestBody = response.usesRequestBody
            try await writer.write(
                response: head,
                body: ResponseBody { writer in
                    if !usesRequestBody { return try await stream(send, to: &writer) }
                    try await send { try await writer.write(ByteBuffer(bytes: $0)) }
                    try await writer.finish(nil)
                })
        case .upgraded: break
        }
    }

    private func respond() async throws -> APIResponse {
        // HEAD asks what GET would answer, without the answer itself.
        let method = request.method == .head ? "GET" : request.method.rawValue
        var call = APIRequest(method: method, target: request.head.path ?? "/")
        call.source = channel.remoteAddress?.ipAddress ?? ""
        call.authority = request.head.authority ?? ""
        call.accept = request.headers[.accept] ?? ""
        call.contentType = request.headers[.contentType] ?? ""
        call.userAgent = request.headers[.userAgent] ?? ""
        call.ifNoneMatch = request.headers[.ifNoneMatch] ?? ""
        call.upgrade = UpgradeOffer(request.headers)
        do throws(Status) { try await authenticate(&call) } catch { return api.refuse(call, error) }
        if ResourceTarget(call.path)?.subresource == "proxy" { call.proxied = ProxiedRequest(request) }
        if call.method != "GET", call.proxied == nil {
            do {
                call.body = [UInt8](buffer: try await request.body.collect(upTo: Self.maximumBody))
            } catch is NIOTooManyBytesError {
                return .failure(.tooLarge)
            }
        }
        return await api.respond(to: call)
    }

    private func authenticate(_ call: inout APIRequest) async throws(Status) {
        guard let access = api.access else { return }
        let now = api.server.environment.now() / 1_000_000
        let credentials = Credentials(
            certificate: await certificates.identity(of: channel, now: now),
            authorization: request.headers[.authorization] ?? "",
            protocols: request.headers[.secWebSocketProtocol] ?? "",
            impersonation: request.headers.filter { $0.name.canonicalName.hasPrefix("impersonate-") }
                .map { ($0.name.canonicalName, $0.value) },
            isLocal: channel.remoteAddress?.isLoopback ?? false)
        try await access.authenticate(&call, credentials)
    }

    /// - Throws: always, at the end: there is nothing left of the connection that HTTP could go on with.
    private func become(_ upgrade: Upgrade) async throws {
        let connection = try await TappedConnection(taking: channel)
        try await cancelWhenGracefulShutdown {
            if !upgrade.head.isEmpty { try await connection.write(upgrade.head) }
            try await upgrade.run(connection)
        }
        connection.close()
        throw ChannelError.alreadyClosed
    }

    /// Sends a body until it ends, the client goes, or the server stops.
    private func stream(
        _ send: @Sendable (APIResponse.Write) async throws -> Void, to writer: inout any ResponseBodyWriter
    ) async throws {
        try await request.body.consumeWithCancellationOnInboundClose { _ in
            try await send { try await writer.write(ByteBuffer(bytes: $0)) }
            // Here, for the connection is closed as soon as this returns.
            try await writer.finish(nil)
        }
    }

    /// RFC 7234: a code, an agent and a quoted text.
    private static func warning(_ text: String) -> String {
        let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " ")
        return "299 - \"\(quoted)\""
    }
}

extension HTTPField.Name {
    fileprivate static let warning = Self("Warning") ?? .contentType
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
