import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Reads `/metrics` of programs on this machine.
package final class MetricsScraper: Sendable {
    /// Of one scrape, all told.
    private static let timeLimit = TimeAmount.seconds(1)
    /// A page that is larger is not read: a page of vLLM's has some 100 KiB.
    private static let sizeLimit = 2 << 20

    private let client: HTTPClient

    package init() {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .milliseconds(500)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// The values of the metrics that `names` has; see `PrometheusReader`. `nil` where nothing answers in time, or the
    /// address is not one of this machine (127.0.0.0/8 or ::1).
    package func values(of names: Set<String>, host: String, port: Int) async -> [String: [Double]]? {
        await page(host: host, port: port, path: "/metrics").map { PrometheusReader.values(of: names, in: $0) }
    }

    /// What a server tells of itself. `nil` where nothing answers in time, or the address is not one of this machine.
    package func page(host: String, port: Int, path: String) async -> [UInt8]? {
        guard host.hasPrefix("127.") || host == "::1" else { return nil }
        let name = host.contains(":") ? "[\(host)]" : host
        var request = HTTPClientRequest(url: "http://\(name):\(port)\(path.hasPrefix("/") ? path : "/" + path)")
        // The connection must not outlive the scrape: a server that is to stop would wait for it.
        request.headers.add(name: "Connection", value: "close")
        do {
            let response = try await client.execute(request, timeout: Self.timeLimit)
            guard response.status == .ok else { return nil }
            let body = try await response.body.collect(upTo: Self.sizeLimit)
            return Array(body.readableBytesView)
        } catch {
            return nil
        }
    }

    package func shutDown() async { try? await client.shutdown() }
}
