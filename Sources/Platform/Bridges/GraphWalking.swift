import Graphs
import KubeController
import KubeModel
import Logging
import Observability
import Routing
import ServingAPI
import Synchronization

/// The server that walks InferenceGraphs, and where it is.
final class GraphWalking: Sendable {
    private let server: GraphServer
    private let caller: GatewayCaller
    private let metrics = GraphMetrics()
    /// 0 until it listens.
    private let port = Atomic(0)

    /// - Parameters:
    ///   - address: where the gateway listens.
    ///   - port: of the gateway, once it listens.
    init(
        _ informers: Informers, hosts: HostNames, address: String, port: @escaping @Sendable () -> Int, logger: Logger
    ) {
        caller = GatewayCaller(address: address, port: port)
        let (graphs, services) = (informers.store(.inferenceGraphs), informers.store(.inferenceServices))
        server = GraphServer(
            hosts: hosts, caller: caller, metrics: metrics, logger: logger, graph: { graphs[$0] },
            service: { services[$0] })
    }

    var walker: RoutingObjects.GraphWalker? {
        let port = port.load(ordering: .acquiring)
        return port == 0 ? nil : RoutingObjects.GraphWalker(port: port, field: GraphServer.field)
    }

    /// Serves until cancelled.
    ///
    /// - Parameter onStart: called once, when `walker` is known.
    func run(onStart: @escaping @Sendable () -> Void) async throws {
        try await server.run { [self] number in
            port.store(number, ordering: .releasing)
            onStart()
        }
        await caller.shutDown()
    }

    func collect() -> [MetricFamily] {
        let all = metrics.all.sorted {
            ($0.key.graph, $0.key.node, $0.key.step) < ($1.key.graph, $1.key.node, $1.key.step)
        }
        func family(_ name: String, _ help: String, _ value: (GraphMetrics.Reading) -> Double) -> MetricFamily {
            MetricFamily(
                name, .counter, help: help, samples: all.map { .init(value($0.reading), labels: labels($0.key)) })
        }
        return [
            family("martlet_graph_steps_total", "Steps of InferenceGraphs, by their answer's status; 0: none.") {
                Double($0.count)
            },
            family("martlet_graph_step_seconds_total", "Seconds to the heads of the steps' answers.") { $0.seconds },
        ]
    }

    private func labels(_ key: GraphMetrics.Key) -> [(name: String, value: String)] {
        [
            ("namespace_name", key.namespace), ("graph_name", key.graph), ("node", key.node), ("step", key.step),
            ("response_code", "\(key.status)"),
        ]
    }
}
