import AsyncHTTPClient
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1

/// What a request is beside what `APIRequest` says, as it came in.
struct ProxiedRequest: Sendable {
    var method: String
    /// With its escapes, without the `?`.
    var query: String
    /// Without what is for the API alone among the protocols of a WebSocket: its token.
    var headers: HTTPFields
    /// `nil` where it has none.
    var body: RequestBody?
    /// Bytes of the body, where that is known.
    var contentLength: Int64?

    init(_ request: Request) {
        method = request.method.rawValue
        let parts = (request.head.path ?? "").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        query = parts.count > 1 ? String(parts[1]) : ""
        headers = request.headers
        let protocols = UpgradeOffer.webSocketProtocols(headers)
        headers[.secWebSocketProtocol] = protocols.isEmpty ? nil : protocols.joined(separator: ", ")
        contentLength = request.headers[.contentLength].flatMap { Int64($0) }
        let hasBody = contentLength.map { $0 > 0 } ?? (request.headers[.transferEncoding] != nil)
        body = hasBody ? request.body : nil
    }

    var isUpgrade: Bool { headers[.upgrade] != nil }
}

/// One request that goes on to a pod, and its answer.
struct ProxyExchange: Sendable {
    let request: ProxiedRequest
    /// Below the pod's root, with its first `/`, as it was sent.
    let path: String
    /// Of the API's paths, where the pod's root is: `/api/v1/namespaces/a/pods/b/proxy`.
    let prefix: String
    /// Address and port.
    let host: String

    /// Belong to one connection, not to a request (RFC 9110, section 7.6.1), or to the API.
    private static let ownHeaders: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
        "upgrade", "host", "authorization", "content-length", "expect",
    ]

    private static func isOwn(_ name: String) -> Bool { ownHeaders.contains(name) || name.hasPrefix("impersonate-") }

    private var target: String { path + (request.query.isEmpty ? "" : "?\(request.query)") }

    /// - Throws: where the pod does not answer.
    func response(by client: HTTPClient) async throws -> APIResponse {
        var forwarded = HTTPClientRequest(url: "http://\(host)\(target)")
        forwarded.method = HTTPMethod(rawValue: request.method)
        for field in request.headers where !Self.isOwn(field.name.canonicalName) {
            forwarded.headers.add(name: field.name.rawName, value: field.value)
        }
        forwarded.headers.add(name: "X-Forwarded-Uri", value: prefix + path)
        if let body = request.body {
            forwarded.body = .stream(body, length: request.contentLength.map { .known($0) } ?? .unknown)
        }
        let answer = try await client.execute(forwarded, deadline: .distantFuture)
        return response(answer)
    }

    private func response(_ answer: HTTPClientResponse) -> APIResponse {
        var response = APIResponse(
            code: Int(answer.status.code), contentType: "",
            body: .streamed { write in
                for try await part in answer.body { try await write([UInt8](buffer: part)) }
            })
        for (name, value) in answer.headers where !Self.ownHeaders.contains(name.lowercased()) {
            let isOwnPath = name.lowercased() == "location" && value.hasPrefix("/")
            response.headers.append((name, isOwnPath ? prefix + value : value))
        }
        let length = answer.headers["content-length"].first
        if let length, answer.headers["transfer-encoding"].isEmpty {
            response.headers.append(("Content-Length", length))
        }
        response.usesRequestBody = request.body != nil
        return response
    }

    /// For a request that wants to speak something else: both connections become one, and the pod's answer goes back
    /// as it is.
    func spliced(with pod: any PodConnection) -> APIResponse {
        let head = head
        return APIResponse(
            code: 101, contentType: "",
            body: .upgraded(
                Upgrade(head: []) { client in
                    try await pod.write(head)
                    let input = ByteQueue()
                    await client.serve {
                        defer { input.finish() }
                        while let bytes = try await client.read() { await input.push(bytes) }
                    } _: {
                        _ = await PortForward.run(input, from: { pod }) { try await client.write($0) }
                    }
                }))
    }

    /// The request as it goes out to the pod.
    private var head: [UInt8] {
        var lines = ["\(request.method) \(target) HTTP/1.1", "Host: \(host)"]
        for field in request.headers {
            let name = field.name.canonicalName
            let isUpgrade = name == "connection" || name == "upgrade"
            guard isUpgrade || !Self.isOwn(name) else { continue }
            lines.append("\(field.name.rawName): \(field.value)")
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
