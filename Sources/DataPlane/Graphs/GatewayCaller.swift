import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Asks the gateway of this machine, as any client does: who may call, waiting and waking are its business.
package final class GatewayCaller: GraphCaller {
    /// Made for the first call.
    private let client = Mutex<HTTPClient?>(nil)
    private let address: String
    private let port: @Sendable () -> Int

    /// - Parameters:
    ///   - address: where the gateway listens: an IP address, or all of them.
    ///   - port: of the gateway, once it listens.
    package init(address: String, port: @escaping @Sendable () -> Int) {
        self.address =
            switch address {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            default: address.contains(":") ? "[\(address)]" : address
            }
        self.port = port
    }

    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(5)
        // How many requests there are at once is the gateway's to limit; the library would let eight through.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 100_000
        return configuration
    }

    private func madeClient() -> HTTPClient {
        client.withLock { client in
            if let client { return client }
            let made = HTTPClient(eventLoopGroupProvider: .singleton, configuration: Self.configuration)
            client = made
            return made
        }
    }

    package func call(_ call: GraphCall) async throws -> GraphReply {
        var request = HTTPClientRequest(url: "http://\(address):\(port())\(call.target)")
        request.method = .POST
        request.headers.add(name: "Host", value: call.host)
        for (name, value) in call.fields { request.headers.add(name: name, value: value) }
        request.body = .bytes(call.body)
        let deadline: NIODeadline =
            call.timeout.map { .now() + .nanoseconds(Int64($0 / .nanoseconds(1))) } ?? .distantFuture
        let response = try await madeClient().execute(request, deadline: deadline)
        return GraphReply(
            status: Int(response.status.code),
            fields: GraphFields.passed(response.headers.map { ($0.name, $0.value) }), body: .stream(response.body))
    }

    package func shutDown() async { try? await client.withLock { $0 }?.shutdown() }
}
