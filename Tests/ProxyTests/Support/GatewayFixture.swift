import Activation
import KubeModel
import Routing
import Synchronization

@testable import Proxy

/// Counts the wake signals.
final class CountingWakeSignal: WakeSignal {
    private let names = Mutex<[String]>([])

    var count: Int { names.withLock { $0.count } }
    var last: String? { names.withLock { $0.last } }

    func wake(namespace: String, revision: String) { names.withLock { $0.append("\(namespace)/\(revision)") } }
}

/// Runs `body` with a gateway on a free port, and stops it.
func withGateway(
    loops: Int = 1, limits change: (inout GatewayLimits) -> Void = { _ in },
    configuration changeAll: (inout GatewayConfiguration) -> Void = { _ in },
    _ body: (Gateway, CountingWakeSignal) async throws -> Void
) async throws {
    var configuration = GatewayConfiguration()
    configuration.port = 0
    configuration.loops = loops
    change(&configuration.limits)
    changeAll(&configuration)
    let signal = CountingWakeSignal()
    let gateway = Gateway(configuration: configuration, wakeSignal: signal)
    try await gateway.start()
    do {
        try await body(gateway, signal)
    } catch {
        await gateway.shutdown(grace: .zero)
        throw error
    }
    await gateway.shutdown(grace: .zero)
}

extension Gateway {
    var port: Int { boundPort ?? 0 }

    /// One InferenceService `default/m` with one revision at these servers.
    func serve(_ servers: [FakeModelServer], concurrency: Int = 0, firstByte: Duration? = nil, idle: Duration? = nil) {
        swap(.single(ports: servers.map(\.port), concurrency: concurrency, firstByte: firstByte, idle: idle))
    }
}

extension RoutingTable {
    /// An old revision that is gone and a new one with endpoints at `ports`; the service leads to one of them.
    static func replaced(isReplaced: Bool, ports: [Int]) -> RoutingTable {
        let endpoints = ports.map { Endpoint(podUID: "new", podName: "new", address: "127.0.0.1", port: $0) }
        let old = RoutedRevision(key: ObjectKey(namespace: "default", name: "m-00001"), uid: "1")
        let new = RoutedRevision(
            key: ObjectKey(namespace: "default", name: "m-00002"), uid: "2", endpoints: endpoints)
        return RoutingTable(
            revisions: [old, new],
            services: [ObjectKey(namespace: "default", name: "m"): [(isReplaced ? 1 : 0, 100)]])
    }

    static func single(
        ports: [Int], round: Int = 0, revision name: String = "m-00001", concurrency: Int = 0,
        firstByte: Duration? = nil, idle: Duration? = nil, change: (inout RoutedRevision) -> Void = { _ in }
    ) -> RoutingTable {
        let endpoints = ports.map { port in
            let uid = round == 0 ? "pod-\(port)" : "pod-\(port)-\(round)"
            return Endpoint(podUID: uid, podName: uid, address: "127.0.0.1", port: port)
        }
        var revision = RoutedRevision(
            key: ObjectKey(namespace: "default", name: name), uid: "1", containerConcurrency: concurrency,
            firstByteTimeout: firstByte, idleTimeout: idle, endpoints: endpoints)
        change(&revision)
        return RoutingTable(revisions: [revision], services: [ObjectKey(namespace: "default", name: "m"): [(0, 100)]])
    }
}
