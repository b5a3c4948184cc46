import AsyncHTTPClient
import JSONModel
import KubeModel
import NIOCore
import NIOHTTP1
import NIOSSL

/// Bytes as they arrive. Cancelling the task that reads them ends the request.
package typealias ByteStream = AsyncThrowingStream<[UInt8], any Error>

/// Sends `KubeRequest`s over HTTPS and turns every failure into a `Status`.
struct HTTPSTransport: Sendable {
    /// How long an answer that is read whole may take.
    static let requestTimeout = TimeAmount.seconds(60)
    /// The largest answer that is read whole.
    static let maximumAnswer = 256 << 20

    let connection: KubeConnection
    let userAgent: String
    private let client: HTTPClient
    private let token: BearerToken

    init(_ connection: KubeConnection, userAgent: String) throws {
        self.connection = connection
        self.userAgent = userAgent
        token = BearerToken(connection)
        client = HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: try Self.configuration(connection))
    }

    private static func configuration(_ connection: KubeConnection) throws -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try TLSConfiguration(connection), redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10)))
        // Each watch holds a connection for as long as it lasts.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1024
        // A server that is not there is news at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    func shutdown() async throws { try await client.shutdown() }

    func json(_ request: KubeRequest) async throws -> JSONValue {
        let response = try await execute(request, deadline: .now() + Self.requestTimeout)
        let bytes = try await reaching { [UInt8](buffer: try await response.body.collect(upTo: Self.maximumAnswer)) }
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw Status.internalError("\(connection.server) answered \(request.target) with no JSON: \(error)")
        }
    }

    func stream(_ request: KubeRequest) async throws -> ByteStream {
        let response = try await execute(request, deadline: .distantFuture)
        let parts = SingleReader(response.body.makeAsyncIterator())
        return ByteStream { try await self.reaching { try await parts.next().map { [UInt8](buffer: $0) } } }
    }

    /// The response, if it is no error.
    private func execute(_ request: KubeRequest, deadline: NIODeadline) async throws -> HTTPClientResponse {
        let response = try await reaching { try await client.execute(http(request), deadline: deadline) }
        guard response.status.code >= 400 else { return response }
        let body = try await reaching { try await response.body.collect(upTo: 4 << 20) }
        throw Self.status(response, [UInt8](buffer: body))
    }

    private func http(_ request: KubeRequest) -> HTTPClientRequest {
        var http = HTTPClientRequest(url: connection.server + request.target)
        http.method = HTTPMethod(rawValue: request.method.rawValue)
        http.headers = ["Accept": request.accept, "User-Agent": userAgent]
        if let token = token.current { http.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let contentType = request.contentType { http.headers.add(name: "Content-Type", value: contentType) }
        if let body = request.body { http.body = .bytes(ByteBuffer(bytes: body)) }
        return http
    }

    private static func status(_ response: HTTPClientResponse, _ body: [UInt8]) -> Status {
        let json = try? JSONValue(parsing: body)
        if let status = json.flatMap(Status.init(json:)) { return status }
        let text = String(decoding: body.prefix(500), as: UTF8.self)
        let code = Int(response.status.code)
        return Status(
            code: code, reason: code == 404 ? "NotFound" : "Unknown",
            message: "the server answered \(code) \(response.status.reasonPhrase): \(text)")
    }

    private func reaching<Value>(_ operation: () async throws -> Value) async throws -> Value {
        do {
            return try await operation()
        } catch let error as CancellationError {
            throw error
        } catch let error as HTTPClientError where error == .cancelled {
            throw CancellationError()
        } catch {
            throw Status.unreachable(connection.server, error)
        }
    }
}
