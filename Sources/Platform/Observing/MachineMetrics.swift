import Glibc
import KubeController
import KubeModel
import NodeAgent
import Observability
import ServingAPI
import Synchronization

/// What the machine and its pods use: under cAdvisor's and kube-state-metrics' names, as OpenShift AI's queries want them,
/// and under Martlet's with the labels of the pod's service. Measured when the history ticks, and shown until it does again.
final class MachineMetrics: Sendable {
    private let node: NodeAgent
    private let pods: Store
    private let engines: EngineReadings
    private let families = Mutex<[MetricFamily]>([])

    init(node: NodeAgent, pods: Store, engines: EngineReadings) {
        self.engines = engines
        self.node = node
        self.pods = pods
    }

    func collect() -> [MetricFamily] { families.withLock { $0 } }

    func measure() async {
        let usages = await node.podUsages()
        let machine = await node.usage()
        let objects = Dictionary(pods.all.map { ($0.key, $0) }) { $1 }
        var made = Self.containers(usages) + Self.pods(usages, objects) + Self.machine(machine)
        made += PodStateMetrics.collect(Array(objects.values)) + (await engines.collect())
        let measured = made
        families.withLock { $0 = measured }
    }

    private static func containers(_ usages: [PodUsage]) -> [MetricFamily] {
        let samples = usages.flatMap { pod in
            pod.containers.sorted { $0.key < $1.key }.map { name, usage in
                let labels = MetricLabels([
                    ("namespace", pod.key.namespace ?? ""), ("pod", pod.key.name), ("container", name),
                    ("node", StandaloneParts.nodeName),
                ])
                return (labels, usage)
            }
        }
        return [
            MetricFamily(
                "container_cpu_usage_seconds_total", .counter, help: "Seconds of processor time that were used.",
                samples: samples.map { .init(Double($0.1.used) / 1e9, labels: $0.0) }),
            MetricFamily(
                "container_memory_working_set_bytes", .gauge, help: "Bytes of memory that the processes have resident.",
                samples: samples.map { .init(Double($0.1.memory), labels: $0.0) }),
        ]
    }

    private static func pods(_ usages: [PodUsage], _ objects: [ObjectKey: Object]) -> [MetricFamily] {
        let sums = usages.map { pod in
            (
                pod.key, Double(pod.containers.values.reduce(0) { $0 + $1.nanocores }) / 1e9,
                Double(pod.containers.values.reduce(0) { $0 + $1.memory })
            )
        }
        func labels(_ key: ObjectKey) -> [(name: String, value: String)] {
            let own = objects[key]?.labels ?? [:]
            let service = own[ServingKeys.inferenceService] ?? own[ServingKeys.service] ?? ""
            return [
                ("namespace", key.namespace ?? ""), ("service", service),
                ("revision", own[ServingKeys.revision] ?? ""), ("pod", key.name),
            ]
        }
        return [
            MetricFamily(
                "pod:container_cpu_usage:sum", .gauge, help: "Processors in use, as OpenShift's rule has it.",
                samples: sums.map { .init($0.1, labels: [("namespace", $0.0.namespace ?? ""), ("pod", $0.0.name)]) }),
            MetricFamily(
                "martlet_pod_cpu_cores", .gauge, help: "Processors in use.",
                samples: sums.map { .init($0.1, labels: labels($0.0)) }),
            MetricFamily(
                "martlet_pod_memory_bytes", .gauge, help: "Bytes of memory that the pod's processes have resident.",
                samples: sums.map { .init($0.2, labels: labels($0.0)) }),
        ]
    }

    private static func machine(_ usage: Usage?) -> [MetricFamily] {
        func gauge(_ name: String, _ help: String, _ value: Double?) -> MetricFamily {
            MetricFamily(name, .gauge, help: help, samples: value.map { [.init($0)] } ?? [])
        }
        let memory = Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))
        return [
            gauge("martlet_node_cpu_cores", "Processors of the machine.", Double(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
            gauge("martlet_node_cpu_cores_used", "Processors in use.", usage.map { Double($0.nanocores) / 1e9 }),
            gauge("martlet_node_memory_bytes", "Bytes of memory of the machine.", memory),
            gauge(
                "martlet_node_memory_used_bytes", "Bytes of memory that are not available.",
                usage.map { Double($0.memory) }),
        ]
    }
}
