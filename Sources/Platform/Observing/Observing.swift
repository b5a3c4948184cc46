import APIServer
import KubeController
import KubeModel
import Logging
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
    private let exporter: SpanExporter?
    let runtimes: any RuntimeMetricsSource

    var monitoring: any MonitoringSource { MonitoringAPI(requests: requests, history: history) }

    init(
        _ configuration: StandaloneConfiguration, gateway: Gateway, node: NodeAgent, pods: Store,
        metrics: MetricRegistry, scraper: MetricsScraper, logger: Logger
    ) {
        let directory = configuration.directory
        let own = History(directory: directory.history)
        let recorded = RecordedRequests(gateway: gateway, records: RequestRecords(path: directory.requestRecords))
        let exemplars = TraceExemplars()
        let exporter = configuration.observing.traceEndpoint.map { endpoint in
            SpanExporter(
                endpoint: endpoint, resource: [("service.name", .text("martlet"))], version: configuration.version,
                logger: logger)
        }
        let spans = RequestSpans(pods: pods)
        let collector = RequestCollector(recorded, keepsRecords: configuration.observing.recordsRequests) { ended in
            exemplars.take(ended.map(\.record))
            guard let exporter else { return }
            let now = SystemTime().microsecondsSince1970 * 1_000
            exporter.add(ended.flatMap { spans.spans($0.request, $0.record, now: now) })
        }
        let runtimes = PodRuntimes(pods: pods, scraper: scraper)
        let machine = MachineMetrics(node: node, pods: pods, engines: EngineReadings(runtimes: runtimes))
        history = configuration.observing.prometheus.map { PrometheusHistory(address: $0) } ?? own
        requests = recorded
        recorder = HistoryRecorder(history: own, metrics: metrics, machine: machine)
        self.collector = collector
        self.exporter = exporter
        self.runtimes = runtimes
        metrics.add { GatewayMetrics.collect(gateway, exemplars) }
        metrics.add { AuthorinoMetrics.collect(gateway) }
        metrics.add(machine.collect)
        metrics.add(collector.collectMetrics)
        if let exporter { metrics.add(exporter.collect) }
    }

    /// Runs until cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await recorder.run() }
            group.addTask { await collector.run() }
            if let exporter { group.addTask { await exporter.run() } }
        }
    }
}

extension Gateway {
    /// Whom people know revisions by: the InferenceService, or the Knative Service.
    var owners: [ObjectKey: String] { Dictionary(traffic.map { ($0.revision, $0.owner) }) { $1 } }
}
