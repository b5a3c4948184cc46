import JSONModel
import KubeController
import KubeModel
import Observability
import ServingAPI

/// The model servers of the pods that are ready, as their annotations say where their metrics are: `prometheus.io/port` and
/// `prometheus.io/path`, which every preinstalled runtime has; else `/metrics` at the port that serves.
struct PodRuntimes: RuntimeMetricsSource {
    let pods: Store
    let scraper: MetricsScraper

    func targets() -> [RuntimeTarget] {
        pods.all.sorted { $0.key < $1.key }.compactMap(Self.target)
    }

    private static func target(_ pod: Object) -> RuntimeTarget? {
        let labels = pod.labels
        guard let service = labels[ServingKeys.inferenceService] ?? labels[ServingKeys.service],
            pod.condition("Ready")?.isTrue == true, let host = pod["status", "podIP"]?.stringValue, !host.isEmpty
        else { return nil }
        let annotations = pod.annotations
        guard annotations["prometheus.io/scrape"] != "false",
            let port = annotations["prometheus.io/port"].flatMap({ Int($0) }) ?? firstPort(of: pod)
        else { return nil }
        return RuntimeTarget(
            namespace: pod.namespace ?? "", service: service, revision: labels[ServingKeys.revision] ?? "",
            pod: pod.name, host: host, port: port, path: annotations["prometheus.io/path"] ?? "/metrics")
    }

    private static func firstPort(of pod: Object) -> Int? {
        let containers = pod.json[path: "spec", "containers"]?.arrayValue ?? []
        return containers.lazy.flatMap { $0["ports"]?.arrayValue ?? [] }
            .compactMap { $0["containerPort"]?.intValue }.first
    }

    func families(_ targets: [RuntimeTarget]) async -> [MetricFamily] {
        var pages = RuntimePages()
        for (target, page) in await read(targets) {
            pages.add(
                page,
                labels: [
                    ("namespace", target.namespace), ("service", target.service), ("revision", target.revision),
                    ("pod", target.pod),
                ])
        }
        return pages.all
    }

    /// At most sixteen at a time.
    private func read(_ targets: [RuntimeTarget]) async -> [(RuntimeTarget, [UInt8])] {
        var read: [(RuntimeTarget, [UInt8])] = []
        await withTaskGroup(of: (RuntimeTarget, [UInt8]?).self) { group in
            for (index, target) in targets.enumerated() {
                if index >= 16, let (target, page) = await group.next(), let page { read.append((target, page)) }
                group.addTask {
                    (target, await scraper.page(host: target.host, port: target.port, path: target.path))
                }
            }
            for await (target, page) in group { if let page { read.append((target, page)) } }
        }
        return read.sorted { $0.0.pod < $1.0.pod }
    }
}
