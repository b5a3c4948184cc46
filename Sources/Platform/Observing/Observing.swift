import KubeController
import KubeModel
import NodeAgent
import Observability
import Proxy

/// All that looks at the running platform: its metrics, their history, and the requests one by one.
struct Observing: Sendable {
    /// What metrics were: as Martlet remembers, or as a Prometheus does where one is configured.
    let history: any HistorySource
    let requests: any RequestSource
    private let recorder: HistoryRecorder
    private let collector: RequestCollector

    init(
        _ configuration: StandaloneConfiguration, gateway: Gateway, node: NodeAgent, pods: Store,
        metrics: MetricRegistry
    ) {
        let directory = configuration.directory
        let own = History(directory: directory.history)
        let recorded = RecordedRequests(gateway: gateway, records: RequestRecords(path: directory.requestRecords))
        let exemplars = TraceExemplars()
        let collector = RequestCollector(recorded, keepsRecords: configuration.observing.recordsRequests) { ended in
            exemplars.take(ended.map(\.record))
        }
        let machine = MachineMetrics(node: node, pods: pods)
        history = configuration.observing.prometheus.map { PrometheusHistory(address: $0) } ?? own
        requests = recorded
        recorder = HistoryRecorder(history: own, metrics: metrics, machine: machine)
        self.collector = collector
        metrics.add { GatewayMetrics.collect(gateway, exemplars) }
        metrics.add(machine.collect)
        metrics.add(collector.collectMetrics)
    }

    /// Runs until cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await recorder.run() }
            group.addTask { await collector.run() }
        }
    }
}

extension Gateway {
    /// Whom people know revisions by: the InferenceService, or the Knative Service.
    var owners: [ObjectKey: String] { Dictionary(traffic.map { ($0.revision, $0.owner) }) { $1 } }
}
