import AsyncHTTPClient
import NIOCore
import NIOHTTP1

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
        for field in request.headers where !Self.isOwn(field.name.lowercased()) {
            forwarded.headers.add(name: field.name, value: field.value)
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
            let name = field.name.lowercased()
            let isUpgrade = name == "connection" || name == "upgrade"
            guard isUpgrade || !Self.isOwn(name) else { continue }
            lines.append("\(field.name): \(field.value)")
        }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
