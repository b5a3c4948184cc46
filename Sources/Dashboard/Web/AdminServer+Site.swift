import HTTPTypes
import Hummingbird
import NIOCore

/// What the admin port knows of a connection.
struct AdminRequestContext: RequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: SocketAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}

extension Site {
    private static let longestBody = 32 << 20

    /// Answers whatever no other route of the admin port takes.
    func add(to router: Router<AdminRequestContext>) {
        for path in ["/", "/**"] {
            for method in [HTTPRequest.Method.get, .post] {
                router.on(RouterPath(path), method: method) { [self] request, context in
                    try await answer(request, context)
                }
            }
        }
    }

    private func answer(_ request: Request, _ context: AdminRequestContext) async throws -> Response {
        var read = WebRequest(method: request.method.rawValue, target: request.head.path ?? "/")
        for field in request.headers { read.headers[field.name.canonicalName] = field.value }
        read.headers["host"] = request.head.authority ?? ""
        read.isLocal = context.remoteAddress.map(Self.isLoopback) ?? false
        if read.method == "POST" {
            read.body = Array(try await request.body.collect(upTo: Self.longestBody).readableBytesView)
        }
        return Self.response(await answer(read))
    }

    private static func isLoopback(_ address: SocketAddress) -> Bool {
        let text = address.ipAddress ?? ""
        return text.hasPrefix("127.") || text == "::1" || text.hasPrefix("::ffff:127.")
    }

    private static func response(_ answer: WebResponse) -> Response {
        var headers = HTTPFields()
        for header in answer.headers {
            if let name = HTTPField.Name(header.name) { headers.append(HTTPField(name: name, value: header.value)) }
        }
        let body: ResponseBody =
            switch answer.body {
            case .whole(let bytes): .init(byteBuffer: ByteBuffer(bytes: bytes))
            case .stream(let send):
                .init { writer in
                    let out = Writer(writer)
                    try await send { try await out.write($0) }
                    try await out.finish()
                }
            }
        return Response(status: .init(code: answer.code), headers: headers, body: body)
    }

    /// The body's writer, which Hummingbird hands over to be changed in place.
    private final class Writer {
        private var writer: any ResponseBodyWriter

        init(_ writer: any ResponseBodyWriter) { self.writer = writer }

        func write(_ bytes: [UInt8]) async throws { try await writer.write(ByteBuffer(bytes: bytes)) }
        func finish() async throws { try await writer.finish(nil) }
    }
}
