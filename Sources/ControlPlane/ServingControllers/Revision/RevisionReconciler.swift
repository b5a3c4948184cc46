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
        /// The names of the routes whose traffic leads to it.
        var routes: [String] = []
        var settings = DeploymentSettings()
        var autoscaling = AutoscalerConfiguration()
        /// RFC 3339.
        var now = ""
    }

    static let resource = Resource.revisions
    static let fieldManager = "martlet-revision"
    let bench: Workbench

    /// Finds routes by the revisions that their traffic leads to.
    static let routed = StoreIndex("routed revision") { RoutingState.routed(by: $0).map(\.description) }

    func observe(_ revision: Object) -> Observation {
        let pods = bench.store(.pods).labelled(ServingKeys.revision, revision.name)
        return Observation(
            revision: revision,
            deployment: bench.store(.deployments)[revision.sibling(RevisionDeployment.name(revision))],
            autoscaler: bench.store(.podAutoscalers)[revision.key],
            pods: pods.filter { $0.namespace == revision.namespace },
            routes: bench.store(.routes).found(by: Self.routed, revision.key.description).map(\.name),
            settings: bench.settings(DeploymentSettings.self), autoscaling: bench.autoscalerConfiguration,
            now: bench.time.timestamp)
    }

    func plan(_ observation: Observation) -> Plan { RevisionPlanner.plan(observation) }
}
