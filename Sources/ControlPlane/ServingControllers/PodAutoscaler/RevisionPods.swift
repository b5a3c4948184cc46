import Autoscaling
import KubeController
import KubeModel
import ServingAPI

/// The pods of a PodAutoscaler's revision.
struct RevisionPods: Sendable {
    let counts: ReplicaCounts
    /// Where the engines of those that are ready tell of themselves.
    let engines: [EngineAddress]

    init(_ autoscaler: Object, _ bench: Workbench) {
        let pods = bench.store(.pods).labelled(ServingKeys.revision, autoscaler.name)
            .filter { $0.namespace == autoscaler.namespace }
        let learned = bench.store(.revisions)[autoscaler.key]?.annotations[ServingKeys.loadSeconds]
        let seconds = learned.flatMap(Double.init).flatMap { (0...86_400).contains($0) ? $0 : nil }
        counts = ReplicaCounts(pods, startTime: seconds.map { .seconds($0) })
        engines = pods.map { Pod($0) }.filter(\.isServing).map { pod in
            EngineAddress(pod: pod.key, host: pod.podIP ?? "", port: pod.servingPort.number)
        }
    }
}
