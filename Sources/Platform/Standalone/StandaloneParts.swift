import APIServer
import KubeClient
import KubeController
import KubeModel
import Logging
import Observability
import ServiceLifecycle
import ServingAPI
import ServingControllers

/// The parts between the API and its listeners, made for each other.
struct StandaloneParts: Sendable {
    let informers: Informers
    let controllers: ServingControllers
    let metrics = MetricRegistry()
    let gatewayPort = 0
    let logs: any PodLogSource
    let gateway: any Service

    init(_ configuration: StandaloneConfiguration, server: ObjectServer, logger: Logger) async throws {
        informers = Informers(client: server, indexedLabels: ServingControllers.indexedLabels, logger: logger)
        controllers = ServingControllers(
            client: server, informers: informers,
            settings: ServingSettings(
                domain: configuration.domain, gatewayPort: configuration.gatewayPort, nodeName: "local"),
            traffic: NoTraffic(), probe: NoProbe(), logger: logger)
        metrics.add(ProcessMetrics.collect)
        logs = NoLogs()
        gateway = Job { try await Task.sleep(for: .seconds(100000)) }
    }
    var isSynced: Bool { true }
    var services: [any Service] { [Job { await informers.run() }, Job { await controllers.run() }] }
}
struct NoTraffic: RevisionTraffic { func reading(namespace: String, revision: String) -> TrafficReading { .none } }
struct NoProbe: RouteProbe { func serves(host: String, namespace: String, revision: String) -> Bool { true } }
struct NoLogs: PodLogSource {
    func logs(of pod: Object, _ options: PodLogOptions) async throws -> ByteStream {
        throw Status.notFound(.pods, pod.name)
    }
}
