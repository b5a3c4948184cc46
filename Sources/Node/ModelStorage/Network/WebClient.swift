import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Which certificates a server may show.
enum Trust: Sendable, Hashable {
    /// Those that this machine trusts.
    case machine
    /// Those that these sign.
    case certificates(pem: String)
    /// Any: who asks for it knows.
    case anything
}

/// A request and how it is to be sent.
struct WebRequest: Sendable {
    var address: WebAddress
    var method = HTTPMethod.GET
    var headers: [(String, String)] = []
    var body: [UInt8]?
    var trust = Trust.machine
    /// A signed request cannot be sent elsewhere. Where others are, `Authorization` does not go along.
    var followsRedirects = true
}

/// HTTP clients that trust what this machine trusts and use the proxies it is told to use.
final class WebClient: Sendable {
    private struct Route: Hashable {
        var proxy: HTTPClient.Configuration.Proxy?
        var followsRedirects: Bool
    }

    private let settings: NetworkSettings
    private let clients = Mutex<[Route: HTTPClient]>([:])

    init(settings: NetworkSettings) { self.settings = settings }

    /// Sends a GET request, following redirects. The response's body is still to be read.
    ///
    /// - Throws: `PassingFailure`, `ModelStorageError` or `CancellationError`.
    func get(_ address: WebAddress, headers: [(String, String)] = []) async throws -> HTTPClientResponse {
        try await send(WebRequest(address: address, headers: headers))
    }

    /// Sends a request. The response's body is still to be read.
    ///
    /// - Throws: `PassingFailure`, `ModelStorageError` or `CancellationError`.
    func send(_ order: WebRequest) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: order.address.url)
        request.method = order.method
        request.headers = HTTPHeaders([("User-Agent", "martlet")] + order.headers)
        if let authorization = order.address.authorization {
            request.headers.add(name: "Authorization", value: authorization)
        }
        request.body = order.body.map { .bytes($0) }
        do {
            request.tlsConfiguration = try tls(order.trust)
            let client = client(for: order.address.url, order.followsRedirects)
            return try await client.execute(request, deadline: .distantFuture)
        } catch {
            throw try Self.readable(error)
        }
    }

    /// `nil` for the client's own.
    private func tls(_ trust: Trust) throws -> TLSConfiguration? {
        var tls = TLSConfiguration.makeClientConfiguration()
        switch trust {
        case .machine: return nil
        case .anything: tls.certificateVerification = .none
        case .certificates(let pem):
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))
            } catch {
                throw ModelStorageError(
                    .unreadable, "the CA bundle for the model's server holds no certificates that can be read",
                    remedy: "give certificates in PEM")
            }
        }
        return tls
    }

    /// Reads a body into memory.
    ///
    /// - Throws: `PassingFailure` or `CancellationError`.
    func collect(_ response: HTTPClientResponse, limit: Int) async throws -> [UInt8] {
        do {
            return Array(buffer: try await response.body.collect(upTo: limit))
        } catch {
            throw try Self.readable(error)
        }
    }

    /// Closes all connections. No request may follow.
    func shutDown() async {
        let all = clients.withLock { clients in
            defer { clients = [:] }
            return Array(clients.values)
        }
        for client in all { try? await client.shutdown() }
    }

    private func client(for url: String, _ followsRedirects: Bool) -> HTTPClient {
        let route = Route(proxy: settings.proxies.proxy(for: url), followsRedirects: followsRedirects)
        return clients.withLock { clients in
            if let client = clients[route] { return client }
            let client = HTTPClient(
                eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
                configuration: configuration(route))
            clients[route] = client
            return client
        }
    }

    private func configuration(_ route: Route) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = settings.certificateFile { tls.trustRoots = .file(file) }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: route.followsRedirects ? .follow(max: 10, allowCycles: false) : .disallow,
            timeout: .init(connect: settings.connectTimeout, read: settings.idleTimeout), proxy: route.proxy)
        // HTTP/2's small windows make one large download slow.
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}

extension WebClient {
    /// An error of the network in words that help. Errors of other kinds are thrown as they are.
    static func readable(_ error: any Error) throws -> PassingFailure {
        switch error {
        case let failure as PassingFailure: return failure
        case is ModelStorageError, is FileError, is CancellationError: throw error
        case let error as HTTPClientError:
            if error == .cancelled, Task.isCancelled { throw CancellationError() }
            return PassingFailure(reason: Self.client(error))
        case let error as NIOConnectionError: return PassingFailure(reason: Self.connection(error))
        case let error as IOError: return PassingFailure(reason: "the connection failed: \(error.reason)")
        default:
            let text = "\(error)"
            guard text.contains("CERTIFICATE_VERIFY_FAILED") else { return PassingFailure(reason: text) }
            throw ModelStorageError(
                .unreachable, "the server's certificate is not trusted",
                remedy: "install its CA on this machine, name a file of CA certificates in SSL_CERT_FILE, or give the "
                    + "CA with the credentials")
        }
    }

    private static func client(_ error: HTTPClientError) -> String {
        switch error {
        case .readTimeout: "no byte came for too long"
        case .connectTimeout: "no connection in time"
        case .remoteConnectionClosed, .bodyLengthMismatch: "the connection was cut"
        default: error.shortDescription
        }
    }

    private static func connection(_ error: NIOConnectionError) -> String {
        if error.connectionErrors.isEmpty { return "the name \(error.host) cannot be resolved" }
        let reason = (error.connectionErrors.first?.error as? IOError)?.reason ?? "refused"
        return "no connection to \(error.host) port \(error.port): \(reason)"
    }
}

extension IOError {
    fileprivate var reason: String { FileError(code: errnoCode).reason }
}

extension FileError {
    fileprivate init(code: Int32) {
        operation = ""
        path = ""
        self.code = code
    }
}
