import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Asks the gateway of this machine, as any client does: who may call, waiting and waking are its business.
package final class GatewayCaller: GraphCaller {
    private let client: HTTPClient
    private let address: String
    private let port: @Sendable () -> Int

    /// - Parameters:
    ///   - address: where the gateway listens: an IP address, or all of them.
    ///   - port: of the gateway, once it listens.
    package init(address: String, port: @escaping @Sendable () -> Int) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(5)
        // How many requests there are at once is the gateway's to limit; the library would let eight through.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 100_000
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.address =
            switch address {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            default: address.contains(":") ? "[\(address)]" : address
            }
        self.port = port
    }

    package func call(_ call: GraphCall) async throws -> GraphReply {
        var request = HTTPClientRequest(url: "http://\(address):\(port())\(call.target)")
        request.method = .POST
        request.headers.add(name: "Host", value: call.host)
        for (name, value) in call.fields { request.headers.add(name: name, value: value) }
        request.body = .bytes(call.body)
        let deadline: NIODeadline =
            call.timeout.map { .now() + .nanoseconds(Int64($0 / .nanoseconds(1))) } ?? .distantFuture
        let response = try await client.execute(request, deadline: deadline)
        return GraphReply(
            status: Int(response.status.code),
            fields: GraphFields.passed(response.headers.map { ($0.name, $0.value) }), body: .stream(response.body))
    }

    package func shutDown() async { try? await client.shutdown() }
}
