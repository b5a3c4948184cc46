package import Autoscaling
import JSONModel
import KubeController
package import KubeModel
import ServingAPI

/// How a revision is scaled at this moment, for metrics.
package struct ScalingReading: Sendable {
    package let revision: ObjectKey
    /// Empty where there is none.
    package let service: String
    package let configuration: String
    /// What was decided, within the bounds; -1 while that is not known.
    package let desired: Int
    /// What the Deployment is told.
    package let requested: Int
    package let ready: Int
    package let notReady: Int
    package let terminating: Int
    /// Of Knative's class; `nil` for the others.
    package let decision: Decider.Decision?
    package let policy: ScalingPolicy?

    init(_ autoscaler: Object, _ bench: Workbench, _ loads: RevisionLoads) {
        revision = autoscaler.key
        service = autoscaler.labels[ServingKeys.service] ?? ""
        configuration = autoscaler.labels[ServingKeys.configuration] ?? ""
        desired = autoscaler["status", "desiredScale"]?.intValue ?? -1
        let target = autoscaler["spec", "scaleTargetRef", "name"]?.stringValue ?? ""
        requested = bench.store(.deployments)[autoscaler.sibling(target)]?["spec", "replicas"]?.intValue ?? 0
        let pods = bench.store(.pods).labelled(ServingKeys.revision, autoscaler.name)
            .filter { $0.namespace == autoscaler.namespace }
        let counts = ReplicaCounts(pods, startTime: nil)
        (ready, notReady) = (counts.ready, counts.starting)
        terminating = pods.count(where: \.isBeingDeleted)
        let last = loads.lastDecision(autoscaler.key)
        (decision, policy) = (last?.decision, last?.policy)
    }
}
