import Autoscaling
import KubeController
import KubeModel
import ServingAPI

/// Revision -> Deployment and PodAutoscaler; its conditions come from what the pods do.
struct RevisionReconciler: Reconciler {
    struct Observation: Sendable {
        var revision: Object
        var deployment: Object?
        var autoscaler: Object?
        /// The pods that carry the revision's label, those that are going included.
        var pods: [Object]
        var autoscaling = AutoscalerConfiguration()
    }

    static let resource = Resource.revisions
    static let fieldManager = "martlet-revision"
    let bench: Workbench

    func observe(_ revision: Object) -> Observation {
        let pods = bench.store(.pods).labelled(ServingKeys.revision, revision.name)
        return Observation(
            revision: revision,
            deployment: bench.store(.deployments)[revision.sibling(RevisionDeployment.name(revision))],
            autoscaler: bench.store(.podAutoscalers)[revision.key],
            pods: pods.filter { $0.namespace == revision.namespace }, autoscaling: bench.autoscalerConfiguration)
    }

    func plan(_ observation: Observation) -> Plan { RevisionPlanner.plan(observation) }
}
